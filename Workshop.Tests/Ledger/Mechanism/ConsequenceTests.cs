using System.Collections.Immutable;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>What a block says that followed for whom, in the words that readers of a ledger look for.</summary>
public sealed class ConsequenceTests
{
    private static readonly Parameters Rules = Parameters.Default;

    private static ImmutableArray<long> Right(int row) => Scenario.Says(row % 3);

    [Fact]
    public void Each_event_has_its_word()
    {
        var state = With(Active(3), 0, m => m with { Misses = (1u << 11) - 1 });
        state = With(state, 1, m => m with { Standing = Standing.Jailed, JailedUntilGold = 1 });
        var batch = Scenario.Ask(state, "iris", 8, (member, row) => member == 0 ? [] : Right(row), row => row % 3);
        var second = batch.Answers[2] with { Again = [new(1, Scenario.Says(0))] };

        var settled = Scenario.Settle(state, batch with { Answers = [batch.Answers[0], batch.Answers[1], second] });

        Assert.Equal("absent", Events(settled, 0));
        Assert.Equal("released", Events(settled, 1));
        Assert.Equal("equivocated", Events(settled, 2));
    }

    [Fact]
    public void Whoever_has_too_little_left_is_ejected()
    {
        var state = With(Active(2), 0, m => m with { StakeCents = Rules.EjectionCents, Misses = (1u << 11) - 1 });
        state = state with { DepositedCents = state.DepositedCents - (Scenario.Deposit - Rules.EjectionCents) };
        var batch = Scenario.Ask(state, "iris", 8, (member, row) => member == 0 ? [] : Right(row), row => row % 3);

        Assert.Equal("absent ejected", Events(Scenario.Settle(state, batch), 0));
        Assert.Equal(Standing.Ejected, Scenario.Apply(state, batch).Of("iris", 0).Standing);
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(19, 1)]
    public void Slashes_are_one_event_within_twenty_batches(int ago, int kept)
    {
        Assert.Equal(20, Rules.CorrelationWindowBatches);
        var state = Active(2);
        var network = state.Networks["iris"] with { Batches = 100, Slashes = [new(100 - ago, "m01", 5)] };
        state = state with { Networks = state.Networks.SetItem("iris", network) };

        var after = Scenario.Apply(state, Scenario.Ask(state, "iris", 8, (_, row) => Right(row), row => row % 3));

        Assert.Equal(kept, after.Networks["iris"].Slashes.Length);
    }

    /// <summary>Both are refuted by the same rows: each pays for both, and for whoever was slashed just before.</summary>
    [Fact]
    public void Whoever_is_slashed_together_pays_for_the_share_of_all_together()
    {
        var won = Rules.BetThreshold;
        var state = With(With(Active(4), 0, m => m with { GoldBet = won }), 1, m => m with { GoldBet = won });
        var all = Draft.Of(state, "iris");

        var slashes = BatchSteps.Slash(all, [new(3, "m02", Scenario.Deposit)], 7, Rules);

        Assert.Equal(
            [new(3, "m02", Scenario.Deposit), new(7, "m00", Scenario.Deposit), new Slash(7, "m01", Scenario.Deposit)],
            slashes
        );
        // Three of four stakes: 5 % and three times what is above a quarter, which is more than there is.
        Assert.Equal(Scenario.Deposit, all[0].SlashedCents);
        var few = Draft.Of(With(Active(4), 0, m => m with { GoldBet = won }), "iris");
        BatchSteps.Slash(few, [], 7, Rules);
        Assert.Equal(Units.ShareOf(Scenario.Deposit, Rules.SlashShare), few[0].SlashedCents);
    }

    [Fact]
    public void A_truth_that_comes_later_releases_ejects_and_is_evidence_no_more()
    {
        var liar = (int member, int row) => member == 0 && row > 2 ? Scenario.Says((row + 1) % 3) : Right(row);
        var state = Scenario.Play(Scenario.Found("iris", 6), "iris", 12, liar, row => row % 3);
        var goldAsked = state.Networks["iris"].GoldAsked;
        state = With(state, 0, m => m with { SlashLevel = 4 });
        state = With(state, 1, m => m with { Standing = Standing.Jailed, JailedUntilGold = goldAsked + 29 });
        state = With(state, 2, m => m with { Standing = Standing.Jailed, JailedUntilGold = goldAsked + 30 });

        var told = (Applied)
            Transition.Apply(
                state,
                new TruthEntry("iris", 11, [.. Enumerable.Range(3, 29).Select(row => new ToldRow(row, row % 3))], null)
            );

        var members = ((TruthEntry)told.Entry).Settlement!.Members;
        Assert.Equal("slashed ejected", string.Join(' ', members[0].Events));
        Assert.Equal("released", string.Join(' ', members[1].Events));
        Assert.Empty(members[2].Events);
        Assert.Equal(11, told.State.Of("iris", 0).SlashedAt);
        Assert.Equal((Standing.Ejected, Standing.Active), (members[0].Standing, members[1].Standing));
    }

    [Fact]
    public void Houses_that_cost_nothing_leave_every_weight_a_number()
    {
        var state = Scenario.Play(Scenario.Found("housing", 3), "housing", 3, (_, _) => [0], _ => 100_00);

        Assert.All(
            Enumerable.Range(0, 3),
            member =>
            {
                var membership = state.Of("housing", member);
                Assert.InRange(membership.Quality, 0, 1);
                Assert.InRange(membership.Originality, 0, 1);
            }
        );
    }

    /// <summary>The bands of 100 and 105 overlap, so one value is right for all rows; those of 100 and 200 do not.</summary>
    [Theory]
    [InlineData(105_00, false)]
    [InlineData(200_00, true)]
    public void What_a_constant_value_would_have_agreed_with_earns_nothing(long everySecond, bool isPaid)
    {
        var state = Active(3, "housing");
        for (var index = 0; index < 3; index++)
        {
            state = With(state, index, m => m with { GoldAccuracy = 1 });
        }

        var price = (int row) => row % 2 == 0 ? 100_00 : everySecond;
        var settled = Scenario.Settle(state, Scenario.Ask(state, "housing", 8, (_, row) => [price(row)], price));

        Assert.Equal(isPaid, settled.Members.Sum(one => one.PaidCents) > 0);
    }

    private static State Active(int members, string network = "iris")
    {
        var state = Scenario.Found(network, members);
        for (var index = 0; index < members; index++)
        {
            state = With(state, index, m => m with { Standing = Standing.Active });
        }

        return state;
    }

    private static State With(State state, int index, Func<Membership, Membership> change)
    {
        var member = state.Members[Scenario.Name(index)];
        var network = member.Memberships.Keys.Single();
        var memberships = member.Memberships.SetItem(network, change(member.Memberships[network]));
        return state with { Members = state.Members.SetItem(member.Name, member with { Memberships = memberships }) };
    }

    private static string Events(Settlement settlement, int member) =>
        string.Join(
            ' ',
            settlement
                .Members.Single(one => string.Equals(one.Member, Scenario.Name(member), StringComparison.Ordinal))
                .Events
        );
}
