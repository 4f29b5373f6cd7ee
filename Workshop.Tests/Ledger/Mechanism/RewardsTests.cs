using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

public sealed class RewardsTests
{
    private static readonly Gen<Claim[]> Claims = Gen.Select(
            Gen.Long[500_00, 50_000_00],
            Gen.Int[0, 1000].Select(thousandths => thousandths / 1000.0)
        )
        .Array[0, 20]
        .Select(parts =>
            parts.Select((part, index) => new Claim(Scenario.Name(index), part.Item1, part.Item2)).ToArray()
        );

    [Fact]
    public void A_pot_is_paid_to_the_cent_or_not_at_all() =>
        Gen.Select(Gen.Long[0, 1000], Claims)
            .Sample(
                (pot, claims) =>
                {
                    var anybody = claims.Any(claim => Units.ToMillionths(claim.Merit) > 0);

                    Assert.Equal(anybody ? pot : 0, Rewards.Share(pot, claims).Values.Sum());
                }
            );

    [Fact]
    public void Nobody_is_more_than_a_cent_away_from_the_exact_share() =>
        Gen.Select(Gen.Long[1, 1000], Claims)
            .Sample(
                (pot, claims) =>
                {
                    var shares = Rewards.Share(pot, claims);
                    var total = claims.Sum(claim => claim.StakeCents * claim.Merit);
                    foreach (var claim in claims.Where(_ => total > 0))
                    {
                        var exact = pot * claim.StakeCents * claim.Merit / total;
                        Assert.InRange(shares.GetValueOrDefault(claim.Name), exact - 1.01, exact + 1.01);
                    }
                }
            );

    [Fact]
    public void The_order_of_claims_changes_nothing() =>
        Gen.Select(Gen.Long[0, 1000], Claims, Gen.Int)
            .Sample(
                (pot, claims, seed) =>
                {
                    var shuffled = claims.ToArray();
                    new Random(seed).Shuffle(shuffled);

                    Assert.Equal(Rewards.Share(pot, claims), Rewards.Share(pot, shuffled));
                }
            );

    [Fact]
    public void Splitting_a_stake_in_two_gains_no_more_than_the_rounding_of_two_cents_halves() =>
        Gen.Select(Gen.Long[1, 1000], Claims.Where(claims => claims.Length > 0))
            .Sample(
                (pot, claims) =>
                {
                    var whole = claims[0] with { StakeCents = claims[0].StakeCents / 2 * 2 };
                    Claim[] before = [whole, .. claims[1..]];
                    Claim[] after =
                    [
                        whole with
                        {
                            Name = "a",
                            StakeCents = whole.StakeCents / 2,
                        },
                        whole with
                        {
                            Name = "b",
                            StakeCents = whole.StakeCents / 2,
                        },
                        .. claims[1..],
                    ];
                    var alone = Rewards.Share(pot, before).GetValueOrDefault(whole.Name);
                    var split = Rewards.Share(pot, after);

                    // Largest remainder rounds each half by itself: at most one cent for the two of them.
                    Assert.True(split.GetValueOrDefault("a") + split.GetValueOrDefault("b") <= alone + 1);
                }
            );

    [Theory]
    [InlineData("iris")]
    [InlineData("titanic")]
    [InlineData("housing")]
    public void A_constant_answer_earns_nothing(string network) =>
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var truths = Enumerable.Range(0, 64).Select(_ => Truth(network, random)).ToArray();
                var constant = Answer(network, Truth(network, random));
                var state = Scenario.Play(
                    Scenario.Found(network, 6),
                    network,
                    25,
                    (member, row) => member == 0 ? constant : Answer(network, truths[row]),
                    row => truths[row]
                );

                Assert.Equal(0, state.Of(network, 0).EarnedCents);
                Assert.True(state.Of(network, 1).EarnedCents > 0 || truths[..32].Distinct().Count() == 1);
            },
            iter: Trials.Of(10)
        );

    [Fact]
    public void An_empty_treasury_pays_nothing_and_a_small_one_only_what_it_has()
    {
        var state = Scenario.Found("iris", 3);
        var poor = state with { TreasuryCents = 5, DepositedCents = state.DepositedCents - state.TreasuryCents + 5 };
        var after = Scenario.Play(poor, "iris", 20, (_, row) => Scenario.Says(row % 3), row => row % 3);

        Assert.Equal(0, after.TreasuryCents);
        Assert.Equal(5, after.Members.Values.Sum(member => member.Memberships["iris"].EarnedCents));
    }

    private static long Truth(string network, Random random) =>
        Network.All[network].IsRegression
            ? random.Next(50_000_00, 500_000_00)
            : random.Next(Network.All[network].ClassCount);

    private static System.Collections.Immutable.ImmutableArray<long> Answer(string network, long truth) =>
        Network.All[network].IsRegression ? [truth] : Scenario.Says((int)truth, Network.All[network].ClassCount);
}
