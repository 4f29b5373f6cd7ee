using System.Collections.Immutable;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>Truths that come after the answers.</summary>
public sealed class TruthTransitionTests
{
    private static ImmutableArray<long> Right(int row) => Scenario.Says(row % 3);

    private static ImmutableArray<long> Wrong(int row) => Scenario.Says((row + 1) % 3);

    /// <summary>Honest on the three gold rows, which it happens to know, and a liar on all others.</summary>
    private static ImmutableArray<long> GoldGuesser(int member, int row) =>
        member == 0 && row > 2 ? Wrong(row) : Right(row);

    [Fact]
    public void A_member_that_is_honest_on_known_gold_alone_loses_its_stake_once_truths_come()
    {
        var state = Scenario.Play(Scenario.Found("iris", 6), "iris", 12, GoldGuesser, row => row % 3);

        Assert.Equal(Scenario.Deposit, state.Of("iris", 0).StakeCents);
        Assert.True(state.Of("iris", 0).Quality < 0.05);

        var told = Tell(state, 11, Enumerable.Range(3, 29));

        Assert.True(told.State.Of("iris", 0).StakeCents < Scenario.Deposit);
        Assert.All(
            Enumerable.Range(1, 5),
            member => Assert.Equal(Scenario.Deposit, told.State.Of("iris", member).StakeCents)
        );
        var consequence = ((TruthEntry)told.Entry).Settlement!.Members[0];
        Assert.Equal((0, 29, "slashed"), (consequence.GoldRight, consequence.GoldWrong, consequence.Events[0]));
    }

    [Fact]
    public void A_truth_told_late_counts_as_the_same_truth_known_at_once()
    {
        var answer = (int member, int row) => member == 0 && row % 4 == 0 ? Wrong(row) : Right(row);
        var state = Scenario.Found("iris", 5);
        var asked = Scenario.Ask(state, "iris", 12, answer, row => row % 3, gold: 2);
        var known = asked with { Gold = [.. Enumerable.Range(0, 12).Select(row => new GoldRow(row, row % 3))] };
        var early = Scenario.Apply(state, known);
        var late = Tell(Scenario.Apply(state, asked), 0, Enumerable.Range(2, 10)).State;

        Assert.All(
            Enumerable.Range(0, 5),
            member =>
            {
                var (sooner, later) = (early.Of("iris", member), late.Of("iris", member));
                Assert.Equal(sooner.GoldBet, later.GoldBet);
                Assert.Equal(sooner.Quality, later.Quality);
                Assert.Equal(sooner.Originality, later.Originality);
                Assert.Equal(sooner.GoldAsked, later.GoldAsked);
                Assert.Equal(sooner.GoldAccuracy, later.GoldAccuracy, 12);
            }
        );
    }

    [Fact]
    public void A_truth_is_told_once_of_a_row_that_was_asked_within_64_batches_and_is_one_of_the_networks()
    {
        var state = Scenario.Play(Scenario.Found("iris", 3), "iris", 66, (_, row) => Right(row), row => row % 3, 8);
        var told = Tell(state, 65, [5]).State;

        Assert.IsType<Refused>(Transition.Apply(told, Truth("iris", 65, (5, 2))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 65, (0, 0))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 65, (4, 1), (4, 1))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 65, (8, 0))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 65, (5, 3))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 65, (5, -1))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 65)));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 66, (5, 2))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 1, (5, 2))));
        Assert.IsType<Refused>(Transition.Apply(state, Truth("weather", 1, (5, 2))));
        Assert.IsType<Applied>(Transition.Apply(state, Truth("iris", 2, (5, 2))));
    }

    [Fact]
    public void What_is_kept_for_later_truths_is_bounded_by_rows_too()
    {
        var rules = Parameters.Default with { TruthRows = 20 };
        var state = Scenario.Apply(Scenario.Found("iris", 2), new RulesEntry(rules));
        state = Scenario.Play(state, "iris", 5, (_, row) => Right(row), row => row % 3, 8);

        Assert.Equal([3L, 4L], state.Networks["iris"].Recent.Select(batch => batch.Number));
        var refused = Assert.IsType<Refused>(Transition.Apply(state, Truth("iris", 2, (5, 2))));
        Assert.Equal(Refusal.TooLate, refused.Refusal);
        Assert.Contains("last 64 batches", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("20 rows", refused.Reason, StringComparison.Ordinal);
    }

    private static Applied Tell(State state, long number, IEnumerable<int> rows) =>
        (Applied)Transition.Apply(state, Truth("iris", number, [.. rows.Select(row => (row, row % 3L))]));

    private static TruthEntry Truth(string network, long number, params (int Row, long Truth)[] rows) =>
        new(network, number, [.. rows.Select(told => new ToldRow(told.Row, told.Truth))], null);
}
