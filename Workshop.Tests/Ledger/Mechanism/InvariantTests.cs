using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>A state that cannot be is told by what is wrong with it: no entry leads there, so it is made by hand.</summary>
public sealed class InvariantTests
{
    private static State Right { get; } = Scenario.Found("iris", 1);

    [Fact]
    public void A_state_that_entries_led_to_breaks_none() => Assert.Null(Invariants.Violation(Right));

    [Fact]
    public void Money_is_neither_made_nor_lost()
    {
        Assert.Equal(
            "The treasury holds -1 cents.",
            Invariants.Violation(Right with { TreasuryCents = -1, PaidOutCents = 1000_01 })
        );
        Assert.Equal(
            "Deposits of 200000 cents are not balances of 100000, a treasury of 100001 and 0 paid out.",
            Invariants.Violation(Right with { TreasuryCents = 1000_01 })
        );
        Assert.Equal(
            "Deposits of 200000 cents are not balances of 100000, a treasury of 100000 and 7 paid out.",
            Invariants.Violation(Right with { PaidOutCents = 7 })
        );
    }

    [Fact]
    public void A_membership_is_within_its_bounds()
    {
        Breaks(m => m with { StakeCents = -1 }, "a stake of -1 of 100000 cents.");
        Breaks(m => m with { StakeCents = 100_001 }, "a stake of 100001 of 100000 cents.");
        Breaks(m => m with { EarnedCents = -1 }, "a stake of 100000 of 100000 cents.");
        Breaks(m => m with { Estimate = 1.5 }, "an estimate of 1.5, a gold accuracy of 0.3333333333333333.");
        Breaks(m => m with { GoldAccuracy = -0.5 }, "an estimate of 0.75, a gold accuracy of -0.5.");
        Breaks(m => m with { GoldBet = -1 }, "a bet of -1.");
        Breaks(m => m with { GoldBet = double.NaN }, "a bet of NaN.");
        Breaks(m => m with { Quality = 0 }, "a quality of 0, an originality of 1.");
        Breaks(m => m with { Originality = 1.5 }, "a quality of 1, an originality of 1.5.");
        Breaks(
            m => m with { Standing = Standing.Active, StakeCents = Right.Parameters.EjectionCents - 1 },
            "active with 49999 cents."
        );
    }

    private static void Breaks(Func<Membership, Membership> change, string what)
    {
        var member = Right.Members["m00"];
        var memberships = member.Memberships.SetItem("iris", change(member.Memberships["iris"]));
        var state = Right with { Members = Right.Members.SetItem("m00", member with { Memberships = memberships }) };

        Assert.Equal($"m00 on iris: {what}", Invariants.Violation(state));
    }
}
