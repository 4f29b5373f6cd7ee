using System.Collections.Immutable;
using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>What must be true of every sequence of entries.</summary>
public sealed class TransitionTests
{
    private const int Rows = 8;

    private static readonly string[] NetworkNames = [.. Network.All.Keys];

    /// <summary>
    /// Deposits, registrations, exits and batches with answers, misses, lies and second answers, all by seed.
    /// </summary>
    private static readonly Gen<int[]> Seeds = Gen.Int[0, int.MaxValue].Array[1, 60];

    [Fact]
    public void Deposits_and_treasury_are_balances_and_what_was_paid_out_to_the_cent() =>
        Seeds.Sample(
            seeds =>
            {
                var (state, put) = Play(seeds, shuffle: false);
                var balances = state.Members.Values.Sum(member => member.BalanceCents);

                Assert.Equal(put, balances + state.TreasuryCents + state.PaidOutCents);
                Assert.Equal(put, state.DepositedCents);
            },
            iter: Trials.Of(100)
        );

    [Fact]
    public void The_order_in_which_members_are_asked_changes_nothing() =>
        Seeds.Sample(
            seeds =>
            {
                var (state, _) = Play(seeds, shuffle: false);
                var (shuffled, _) = Play(seeds, shuffle: true);

                Assert.Equal(Digest(state), Digest(shuffled));
            },
            iter: Trials.Of(100)
        );

    [Fact]
    public void A_replay_gives_the_same_state_bit_for_bit() =>
        Seeds.Sample(
            seeds => Assert.Equal(Digest(Play(seeds, false).State), Digest(Play(seeds, false).State)),
            iter: Trials.Of(50)
        );

    [Fact]
    public void A_known_sequence_gives_a_known_state_on_every_system()
    {
        var random = new Random(42);
        int[] seeds = [.. Enumerable.Range(0, 200).Select(_ => random.Next())];

        // Whoever changes a formula changes this, and should say so in a decision record.
        Assert.Equal(Pinned, Digest(Play(seeds, shuffle: false).State)[..Pinned.Length]);
    }

    private const string Pinned = "f29e2fd6ad2fcfe5";

    [Fact]
    public void A_name_is_never_given_twice_and_an_exit_is_not_begun_twice()
    {
        var state = Scenario.Found("iris", 1);

        Assert.Equal(Refusal.NameTaken, Refused(state, Scenario.Join("m00", "iris")));
        Assert.Equal(Refusal.Unknown, Refused(state, new ExitEntry("nobody")));
        Assert.Equal(Refusal.Leaving, Refused(Scenario.Apply(state, new ExitEntry("m00")), new ExitEntry("m00")));
        Assert.Equal(Refusal.Invalid, Refused(state, Scenario.Join("m01", "iris", 999_99)));
        Assert.Equal(Refusal.Invalid, Refused(state, Scenario.Join("m01", "weather")));
    }

    [Fact]
    public void An_open_claim_is_filled_in_once_and_nobody_gets_out_of_a_bet_by_another_claim()
    {
        var open = Scenario.Apply(
            Scenario.Found("iris", 1),
            Scenario.Join("open", "iris") with
            {
                Networks = [new("iris", 0)],
            }
        );
        var declared = Scenario.Apply(open, new ClaimEntry("open", [new("iris", 900_000)]));

        Assert.Equal(0.75, open.Members["open"].Memberships["iris"].ClaimedAccuracy(open.Parameters));
        Assert.Equal(0.9, declared.Members["open"].Memberships["iris"].ClaimedAccuracy(declared.Parameters));
        Assert.Equal(Refusal.Invalid, Refused(declared, new ClaimEntry("open", [new("iris", 500_000)])));
        Assert.Equal(Refusal.Invalid, Refused(open, new ClaimEntry("open", [new("iris", 0)])));
        Assert.Equal(Refusal.Invalid, Refused(open, new ClaimEntry("open", [new("iris", 1_000_001)])));
        Assert.Equal(Refusal.Invalid, Refused(open, new ClaimEntry("open", [new("iris", 1), new("iris", 2)])));
        Assert.Equal(Refusal.Invalid, Refused(open, new ClaimEntry("open", [new("housing", 900_000)])));
        Assert.Equal(Refusal.Invalid, Refused(open, new ClaimEntry("open", [])));
        Assert.Equal(Refusal.Invalid, Refused(open, new ClaimEntry("m00", [new("iris", 900_000)])));
        Assert.Equal(Refusal.Unknown, Refused(open, new ClaimEntry("nobody", [new("iris", 900_000)])));
    }

    [Fact]
    public void A_leaving_members_stake_is_slashable_until_192_gold_rows_and_then_paid_out()
    {
        var state = Scenario.Apply(Scenario.Found("iris", 4), new ExitEntry("m00"));
        state = Scenario.Play(state, "iris", 63, (_, row) => Scenario.Says(row % 3), row => row % 3);

        Assert.Equal(Standing.Exiting, state.Of("iris", 0).Standing);
        Assert.Equal(Scenario.Deposit, state.Of("iris", 0).StakeCents);

        state = Scenario.Play(state, "iris", 1, (_, row) => Scenario.Says(row % 3), row => row % 3);

        Assert.Equal(Standing.Left, state.Of("iris", 0).Standing);
        Assert.Equal(Scenario.Deposit, state.PaidOutCents);
    }

    [Fact]
    public void A_leaving_member_without_anything_at_risk_does_not_wait_for_rows_that_nobody_asks_it()
    {
        var state = Scenario.Found("iris", 4);
        var batch = Scenario.Ask(state, "iris", 4, (_, row) => Scenario.Says(row % 3), row => row % 3);
        var twice = batch with
        {
            Answers =
            [
                .. batch.Answers.Select(own =>
                    string.Equals(own.Member, "m00", StringComparison.Ordinal)
                        ? own with
                        {
                            Again = [new(2, Scenario.Says(0))],
                        }
                        : own
                ),
            ],
        };
        state = Scenario.Apply(Scenario.Apply(state, twice), new ExitEntry("m00"));
        state = Scenario.Play(state, "iris", 1, (_, row) => Scenario.Says(row % 3), row => row % 3);

        Assert.Equal(Standing.Left, state.Of("iris", 0).Standing);
    }

    [Theory]
    [InlineData("M00")]
    [InlineData("m-1")]
    [InlineData("M.1")]
    public void A_name_that_looks_like_another_is_taken(string name)
    {
        var state = Scenario.Apply(Scenario.Found("iris", 1), Scenario.Join("m_1", "iris"));

        Assert.Equal(Refusal.NameTaken, Refused(state, Scenario.Join(name, "iris")));
    }

    [Fact]
    public void Places_are_for_members_with_a_stake_at_risk()
    {
        var rules = Parameters.Default with { MaximumMembers = 2 };
        var state = Scenario.Apply(Scenario.Found("iris", 2), new RulesEntry(rules));

        Assert.Equal(Refusal.Full, Refused(state, Scenario.Join("m02", "iris")));

        state = Scenario.Apply(state, new ExitEntry("m00"));
        state = Scenario.Play(state, "iris", 64, (_, row) => Scenario.Says(row % 3), row => row % 3);

        Assert.Null(Refused(state, Scenario.Join("m02", "iris")));
    }

    private static Refusal? Refused(State state, Entry entry) => (Transition.Apply(state, entry) as Refused)?.Refusal;

    private static (State State, long Put) Play(int[] seeds, bool shuffle)
    {
        var state = Scenario.Apply(State.Empty, new RulesEntry(Parameters.Default));
        var put = 0L;
        foreach (var seed in seeds)
        {
            var entry = Make(state, new Random(seed));
            if (shuffle && entry is BatchEntry batch)
            {
                var answers = batch.Answers.ToArray();
                new Random(seed + 1).Shuffle(answers);
                entry = batch with { Answers = [.. answers] };
            }

            if (Transition.Apply(state, entry) is Applied applied)
            {
                state = applied.State;
                put += entry switch
                {
                    TreasuryEntry treasury => treasury.Cents,
                    RegistrationEntry registration => registration.DepositCents * registration.Networks.Length,
                    _ => 0,
                };
            }
        }

        return (state, put);
    }

    private static Entry Make(State state, Random random)
    {
        var name = Scenario.Name(random.Next(12));
        return random.Next(10) switch
        {
            0 => new TreasuryEntry(random.Next(1, 10_000)),
            1 or 2 => new RegistrationEntry(
                name,
                "http://localhost:1",
                "predict",
                random.Next(900_00, 9000_00),
                [
                    .. NetworkNames[..random.Next(1, 4)]
                        .Select(network => new NetworkClaim(network, random.Next(1_000_001))),
                ]
            ),
            3 when random.Next(4) == 0 => new ExitEntry(name),
            4 => Truths(state, NetworkNames[random.Next(3)], random),
            _ => Batch(state, NetworkNames[random.Next(3)], random),
        };
    }

    private static BatchEntry Batch(State state, string network, Random random)
    {
        var shape = Network.All[network];
        return new(
            network,
            state.Networks[network].Batches,
            [.. Enumerable.Repeat("1", Rows)],
            [
                new(0, random.Next(shape.ClassCount) + (shape.IsRegression ? 100_000_00 : 0)),
                new(3, shape.IsRegression ? random.Next(1, 200_000_00) : random.Next(shape.ClassCount)),
            ],
            [
                .. state
                    .Members.Values.Where(member => member.Memberships.ContainsKey(network))
                    .Select(member => new MemberAnswers(
                        member.Name,
                        [.. Enumerable.Range(0, Rows).Select(_ => Answer(shape, random))],
                        random.Next(40) == 0
                            ? [new(1, Answer(shape, random) is { IsEmpty: false } second ? second : Certain(shape))]
                            : []
                    )),
            ],
            null
        );
    }

    private static TruthEntry Truths(State state, string network, Random random)
    {
        var shape = Network.All[network];
        var number = Math.Max(0, state.Networks[network].Batches - 1 - random.Next(4));
        return new(
            network,
            number,
            [
                .. Enumerable
                    .Range(0, Rows)
                    .Where(_ => random.Next(4) == 0)
                    .Select(row => new ToldRow(
                        row,
                        shape.IsRegression ? random.Next(1, 200_000_00) : random.Next(shape.ClassCount)
                    )),
            ],
            null
        );
    }

    private static ImmutableArray<long> Answer(Network network, Random random) =>
        random.Next(10) == 0 ? []
        : network.IsRegression ? [random.Next(50_000_00, 300_000_00)]
        : Probabilities.Normalise([
            .. Enumerable.Range(0, network.AnswerLength).Select(_ => random.NextDouble() + 0.01),
        ]);

    private static ImmutableArray<long> Certain(Network network) =>
        network.IsRegression ? [1] : Scenario.Says(0, network.AnswerLength);

    private static string Digest(State state) => StateDigest.Of(state);
}
