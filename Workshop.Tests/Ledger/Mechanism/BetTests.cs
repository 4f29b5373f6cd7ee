using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>The bet against a claim: fair while the claim holds, won soon when it does not.</summary>
public sealed class BetTests
{
    private static readonly Parameters Rules = Parameters.Default;

    [Fact]
    public void The_bet_against_a_true_claim_does_not_grow_on_average() =>
        Gen.Select(Gen.Double[0.04, 1], Gen.Double[0, 1], Gen.Double[1, 900], Gen.Int[0, 3])
            .Sample(
                (declared, slack, capital, bettor) =>
                {
                    // Any loss rate that the claim and its tolerance allow.
                    var allowed = Bet.AllowedLoss(declared, Rules);
                    var (lossRate, share) = (allowed * slack, Bet.Shares[bettor]);
                    var expected =
                        (lossRate * Bet.Update(capital, lost: true, share, allowed, Rules))
                        + ((1 - lossRate) * Bet.Update(capital, lost: false, share, allowed, Rules));

                    Assert.True(expected <= capital * (1 + 1e-12));
                }
            );

    [Theory]
    [InlineData(0.95)]
    [InlineData(0.80)]
    [InlineData(0.60)]
    public void An_honest_member_is_slashed_no_oftener_than_Ville_allows(double claimed)
    {
        // A lower threshold makes what is rare by design frequent enough to be counted.
        const int Rows = 200;
        const int Members = 4_000;
        var rules = Rules with { BetThreshold = 100 };
        var random = new Random(1);
        var allowed = Bet.AllowedLoss(claimed, rules);
        // Exactly as bad as the claim allows, which is the worst case; and a little worse, which the bound does not cover.
        var honest = Enumerable.Range(0, Members).Count(_ => IsEverWon(Rows, claimed, allowed, rules, random));
        var worse = Enumerable.Range(0, Members).Count(_ => IsEverWon(Rows, claimed, allowed + 0.15, rules, random));

        var bound = Members * Rows * rules.BetFloor / rules.BetThreshold;
        Assert.InRange(honest, 1, bound);
        Assert.True(worse > bound, $"{worse} of {Members} small liars are refuted");
    }

    [Fact]
    public void A_member_that_is_no_worse_than_its_claim_is_not_slashed_in_1000_batches_over_a_small_pool()
    {
        // Fifteen gold rows, two of them beyond the member: asked for ever they stay two mistakes.
        var state = Scenario.Found("iris", 4, declared: 0.87);
        var random = new Random(3);
        for (var batch = 0; batch < 1000; batch++)
        {
            var pool = Enumerable.Range(0, 15).ToArray();
            random.Shuffle(pool);
            var asked = Scenario.Ask(state, "iris", 8, (member, row) => Answer(member, row, pool), _ => 0, gold: 3);
            state = Scenario.Apply(
                state,
                asked with
                {
                    Rows = [.. Enumerable.Range(0, 8).Select(row => Name(row, pool))],
                }
            );
        }

        Assert.All(
            Enumerable.Range(0, 4),
            member => Assert.Equal(Scenario.Deposit, state.Of("iris", member).StakeCents)
        );
        Assert.Equal(15, state.Networks["iris"].Book.Records.Length);
    }

    [Fact]
    public void A_liar_is_refuted_by_few_rows_and_a_small_liar_by_more()
    {
        Assert.InRange(RowsUntilWon(everyNth: 1), 1, 10);
        Assert.InRange(RowsUntilWon(everyNth: 2), 10, 30);
        Assert.InRange(RowsUntilWon(everyNth: 4), 40, 200);
    }

    [Fact]
    public void A_claim_of_chance_or_less_is_never_refuted_for_it_buys_nothing() =>
        Assert.Equal(Bet.Start(Rules), Bet.Evidence(Enumerable.Repeat(true, 400).ToArray(), 0.03, Rules));

    /// <summary>Whether any bettor wins, looked at after every row.</summary>
    private static bool IsEverWon(int rows, double claimed, double lossRate, Parameters rules, Random random)
    {
        var allowed = Bet.AllowedLoss(claimed, rules);
        var capitals = Bet.Shares.Select(_ => Bet.Start(rules)).ToArray();
        for (var row = 0; row < rows; row++)
        {
            var lost = random.NextDouble() < lossRate;
            for (var bettor = 0; bettor < capitals.Length; bettor++)
            {
                capitals[bettor] = Bet.Update(capitals[bettor], lost, Bet.Shares[bettor], allowed, rules);
                if (Bet.IsWon(capitals[bettor], rules))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int RowsUntilWon(int everyNth)
    {
        for (var rows = 1; ; rows++)
        {
            var losses = Enumerable.Range(0, rows).Select(row => row % everyNth == 0).ToArray();
            if (Bet.IsWon(Bet.Evidence(losses, 0.95, Rules), Rules))
            {
                return rows;
            }
        }
    }

    private static ImmutableArray<long> Answer(int member, int row, int[] pool) =>
        Scenario.Says(member == 1 && row < 3 && pool[row] < 2 ? 1 : 0);

    private static string Name(int row, int[] pool) =>
        string.Create(CultureInfo.InvariantCulture, $"{(row < 3 ? "gold" : "row")} {pool[row]}");
}
