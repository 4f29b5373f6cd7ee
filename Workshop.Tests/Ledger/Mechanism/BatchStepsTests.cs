using System.Collections.Immutable;
using System.Globalization;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>What a batch does to members, step by step.</summary>
public sealed class BatchStepsTests
{
    private static readonly Func<int, long> Truth = row => row % 3;

    private static ImmutableArray<long> Right(int row) => Scenario.Says(row % 3);

    private static ImmutableArray<long> Wrong(int row) => Scenario.Says((row + 1) % 3);

    [Fact]
    public void A_founder_is_active_at_once_and_a_later_one_is_not()
    {
        var founder = Scenario.Join("m00", "iris") with { Founder = true };
        var state = Scenario.Apply(Scenario.Found("iris", 0), founder);
        state = Scenario.Play(state, "iris", 1, (_, row) => Right(row), Truth);
        var late = Scenario.Apply(state, founder with { Name = "m01" });

        Assert.Equal([Standing.Active, Standing.Probation], Standings(late, 0, 1));
    }

    [Fact]
    public void Members_of_a_network_without_founders_pass_probation_together_after_thirty_gold_rows()
    {
        var nine = Scenario.Play(Scenario.Found("iris", 6), "iris", 9, (_, row) => Right(row), Truth);
        var ten = Scenario.Play(nine, "iris", 1, (_, row) => Right(row), Truth);

        Assert.All(
            nine.Members.Values,
            member => Assert.Equal(Standing.Probation, member.Memberships["iris"].Standing)
        );
        Assert.All(ten.Members.Values, member => Assert.Equal(Standing.Active, member.Memberships["iris"].Standing));
    }

    [Fact]
    public void Newcomers_have_no_influence_on_probation_and_enter_one_at_a_time()
    {
        var state = Scenario.Play(Scenario.Found("iris", 3), "iris", 10, (_, row) => Right(row), Truth);
        foreach (var name in new[] { "m03", "m04", "m05", "m06" })
        {
            state = Scenario.Apply(state, Scenario.Join(name, "iris"));
        }

        var settlement = Scenario.Settle(
            state,
            Scenario.Ask(state, "iris", 8, (member, row) => member < 3 ? Right(row) : Wrong(row), Truth)
        );
        Assert.Equal(1, Probabilities.ArgMax(settlement.Consensus[1].AsSpan()));
        Assert.True(settlement.Consensus[1][1] > 990_000);

        var entered = Scenario.Play(state, "iris", 19, (_, row) => Right(row), Truth);
        Assert.Equal(
            [Standing.Active, Standing.Probation, Standing.Probation, Standing.Probation],
            Standings(entered, 3, 4, 5, 6)
        );
        Assert.Equal(
            [Standing.Active, Standing.Active, Standing.Probation, Standing.Probation],
            Standings(Scenario.Play(entered, "iris", 1, (_, row) => Right(row), Truth), 3, 4, 5, 6)
        );
    }

    [Fact]
    public void A_liar_loses_its_weight_then_its_stake_while_the_honest_lose_nothing()
    {
        var state = Scenario.Play(
            Scenario.Found("iris", 6),
            "iris",
            80,
            (member, row) => member == 0 ? Wrong(row) : Right(row),
            Truth
        );

        Assert.Equal(Standing.Ejected, state.Of("iris", 0).Standing);
        Assert.True(state.Of("iris", 0).StakeCents < 500_00);
        Assert.All(Enumerable.Range(1, 5), index => Assert.Equal(Scenario.Deposit, state.Of("iris", index).StakeCents));
    }

    [Fact]
    public void Agreement_leaves_the_members_own_answer_out()
    {
        // One against one and a half: with its own vote the richer member would always be in the majority.
        var state = Scenario.Apply(Scenario.Found("iris", 2), Scenario.Join("m02", "iris", 2500_00));
        var settlement = Scenario.Settle(
            state,
            Scenario.Ask(state, "iris", 4, (member, _) => Scenario.Says(member == 2 ? 1 : 0), _ => 0)
        );

        Assert.Equal(Scenario.Says(1), settlement.Consensus[0].Select(part => part > 500_000 ? Units.Million : 0));
        Assert.Equal([0, 0, 0], settlement.Members.Select(member => member.Agreed));
    }

    [Fact]
    public void Different_answers_to_one_row_cost_the_whole_stake_for_good()
    {
        var state = Scenario.Found("iris", 3);
        var batch = Scenario.Ask(state, "iris", 4, (_, row) => Right(row), Truth);
        var twice = batch with
        {
            Answers =
            [
                .. batch.Answers.Select(entry =>
                    entry with
                    {
                        Again =
                        [
                            new(2, string.Equals(entry.Member, "m01", StringComparison.Ordinal) ? Wrong(2) : Right(2)),
                        ],
                    }
                ),
            ],
        };
        var after = Scenario.Apply(state, twice);

        Assert.Equal((Standing.Ejected, 0), (after.Of("iris", 1).Standing, after.Of("iris", 1).StakeCents));
        Assert.Equal(
            (Standing.Probation, Scenario.Deposit),
            (after.Of("iris", 0).Standing, after.Of("iris", 0).StakeCents)
        );
        Assert.Equal(1000_00 + Scenario.Deposit, after.TreasuryCents);
    }

    [Fact]
    public void An_answer_within_arithmetics_reach_is_no_equivocation() =>
        Assert.False(
            Equivocation.Is(
                Network.All["iris"],
                [500_000, 300_000, 200_000],
                [500_900, 299_100, 200_000],
                Parameters.Default
            )
        );

    [Fact]
    public void An_absent_member_loses_its_weight_at_once_then_a_thousandth_and_its_freedom()
    {
        var state = Scenario.Play(Scenario.Found("iris", 6), "iris", 12, (_, row) => Right(row), Truth);
        var missing = (int member, int row) => member == 0 ? [] : Right(row);
        var ten = Scenario.Play(state, "iris", 10, missing, Truth);
        var eleven = Scenario.Play(ten, "iris", 1, missing, Truth);

        Assert.InRange(ten.Of("iris", 0).Quality, 0, 0.05);
        Assert.Equal((Standing.Active, Scenario.Deposit), (ten.Of("iris", 0).Standing, ten.Of("iris", 0).StakeCents));
        Assert.Equal((Standing.Jailed, 999_00), (eleven.Of("iris", 0).Standing, eleven.Of("iris", 0).StakeCents));
        Assert.Equal(
            Standing.Active,
            Scenario.Play(eleven, "iris", 10, (_, row) => Right(row), Truth).Of("iris", 0).Standing
        );
    }

    [Fact]
    public void What_nobody_answered_is_nobodys_absence()
    {
        var state = Scenario.Play(Scenario.Found("iris", 6), "iris", 12, (_, row) => Right(row), Truth);
        var after = Scenario.Play(state, "iris", 30, (_, _) => [], Truth);

        Assert.All(
            Enumerable.Range(0, 6),
            member =>
                Assert.Equal(
                    (Standing.Active, Scenario.Deposit, 0u),
                    (
                        after.Of("iris", member).Standing,
                        after.Of("iris", member).StakeCents,
                        after.Of("iris", member).Misses
                    )
                )
        );
    }

    [Fact]
    public void Disagreement_alone_costs_weight_but_neither_freedom_nor_stake()
    {
        // Nobody knows the truth of these rows but the gold ones, where the dissenter is right.
        var state = Scenario.Play(Scenario.Found("iris", 6), "iris", 10, (_, row) => Right(row), Truth);
        var after = Scenario.Play(
            state,
            "iris",
            10,
            (member, row) => member == 0 && row > 2 ? Wrong(row) : Right(row),
            Truth
        );

        Assert.Equal(
            (Standing.Active, Scenario.Deposit),
            (after.Of("iris", 0).Standing, after.Of("iris", 0).StakeCents)
        );
        Assert.True(after.Of("iris", 0).Quality < 0.01 * after.Of("iris", 1).Quality);
    }

    [Fact]
    public void A_gold_row_that_is_asked_again_and_answered_alike_is_no_new_evidence()
    {
        // Three gold rows, one of them answered wrong for ever: one mistake, however often it is seen.
        var state = Scenario.Found("iris", 4);
        for (var batch = 0; batch < 100; batch++)
        {
            var asked = Scenario.Ask(
                state,
                "iris",
                32,
                (member, row) => row == 0 && member == 1 ? Wrong(row) : Right(row),
                Truth
            );
            state = Scenario.Apply(
                state,
                asked with
                {
                    Rows = [.. asked.Rows.Select((_, row) => row.ToString(CultureInfo.InvariantCulture))],
                }
            );
        }

        Assert.Equal(3, state.Networks["iris"].Book.Records.Length);
        Assert.Equal(Scenario.Deposit, state.Of("iris", 1).StakeCents);
        Assert.True(state.Of("iris", 1).GoldBet < 1);
    }

    [Fact]
    public void Copies_of_one_member_count_once_together()
    {
        // m00 to m02 repeat one another; m03 to m07 each err on rows of their own; none errs on gold.
        var state = Scenario.Play(
            Scenario.Found("iris", 8),
            "iris",
            40,
            (member, row) => row % 10 == Math.Max(2, member) + 1 ? Wrong(row) : Right(row),
            Truth
        );
        double Weight(int index) => state.Of("iris", index).Quality * state.Of("iris", index).Originality;
        var copies = Enumerable.Range(0, 3).Sum(Weight);
        var others = Enumerable.Range(3, 5).Average(Weight);

        Assert.InRange(copies / others, 0.5, 1.5);
    }

    [Fact]
    public void The_truth_overrules_a_majority_that_lies()
    {
        // Seven of ten lie alike: on the rows without truth they are the majority.
        var state = Scenario.Play(
            Scenario.Found("iris", 10),
            "iris",
            60,
            (member, row) => member < 7 ? Wrong(row) : Right(row),
            Truth
        );
        var settlement = Scenario.Settle(
            state,
            Scenario.Ask(state, "iris", 8, (member, row) => member < 7 ? Wrong(row) : Right(row), Truth)
        );

        Assert.Equal(1, Probabilities.ArgMax(settlement.Consensus[1].AsSpan()));
    }

    [Fact]
    public void What_is_slashed_goes_to_the_treasury_and_no_peer_gains()
    {
        var lying = (int member, int row) => member == 0 ? Wrong(row) : Right(row);
        var state = Scenario.Found("iris", 6);
        for (var batch = 0; batch < 60; batch++)
        {
            var before = state;
            var entry = Scenario.Ask(before, "iris", 32, lying, Truth);
            var settlement = Scenario.Settle(before, entry);
            state = Scenario.Apply(before, entry);
            var slashed = settlement.Members.Sum(member => member.SlashedCents);
            var paid = settlement.Members.Sum(member => member.PaidCents);

            Assert.Equal(before.TreasuryCents + slashed - paid, state.TreasuryCents);
            Assert.True(paid <= Parameters.Default.PotCents);
        }
    }

    private static Standing[] Standings(State state, params int[] members) =>
        [.. members.Select(index => state.Of("iris", index).Standing)];
}
