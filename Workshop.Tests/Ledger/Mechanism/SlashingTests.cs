using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>Who lies about iris loses stake, whoever it is, and once for each lie.</summary>
public sealed class SlashingTests
{
    [Fact]
    public void A_liar_with_an_open_claim_is_slashed_all_the_same()
    {
        var state = Scenario.Apply(
            Scenario.Found("iris", 4),
            Scenario.Join(Scenario.Name(4), "iris") with
            {
                Networks = [new("iris", 0)],
            }
        );
        state = Play(state, liar: 4);

        Assert.True(state.Of("iris", 4).StakeCents < Scenario.Deposit);
    }

    [Fact]
    public void A_leaving_liar_is_slashed_on_its_way_out()
    {
        var state = Scenario.Apply(Scenario.Found("iris", 4), new ExitEntry("m00"));
        state = Play(state, liar: 0);

        Assert.True(state.Of("iris", 0).StakeCents < Scenario.Deposit);
    }

    [Fact]
    public void Who_was_slashed_and_went_away_is_not_slashed_again_for_the_same_answers()
    {
        var state = Scenario.Found("iris", 4);
        var asked = new List<BatchEntry>();
        while (state.Of("iris", 0).SlashLevel == 0 && asked.Count < 60)
        {
            asked.Add(Ask(state, member => member == 0 ? 1 : 0));
            state = Scenario.Apply(state, asked[^1]);
        }

        Assert.Equal(1, state.Of("iris", 0).SlashLevel);
        foreach (var before in asked)
        {
            state = Scenario.Apply(state, Ask(state, member => member == 0 ? null : 0) with { Rows = before.Rows });
        }

        Assert.Equal(1, state.Of("iris", 0).SlashLevel);
    }

    private static State Play(State state, int liar)
    {
        for (var batch = 0; batch < 60; batch++)
        {
            state = Scenario.Apply(state, Ask(state, member => member == liar ? 1 : 0));
        }

        return state;
    }

    /// <summary>Each member is so far off the truth, or silent.</summary>
    private static BatchEntry Ask(State state, Func<int, int?> off) =>
        Scenario.Ask(
            state,
            "iris",
            32,
            (member, row) => off(member) is { } by ? Scenario.Says((row + by) % 3) : [],
            row => row % 3
        );
}
