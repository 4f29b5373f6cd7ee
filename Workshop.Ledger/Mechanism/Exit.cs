using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>How a member leaves with its money.</summary>
internal static class Exit
{
    /// <summary>From now on without influence and pay; the stake stays slashable until it was asked 192 gold rows more.</summary>
    internal static State Begin(State state, Member member) =>
        state with
        {
            Members = state.Members.SetItem(
                member.Name,
                member with
                {
                    ExitsAtGold = member.GoldAsked + state.Parameters.ExitGoldRows,
                    Memberships = Change(
                        member.Memberships,
                        membership => membership.AtRisk ? membership with { Standing = Standing.Exiting } : membership
                    ),
                }
            ),
        };

    /// <summary>Pays the balance of every member whose time has come.</summary>
    /// <returns>The state after it, and who was paid what, sorted by name.</returns>
    internal static (State State, ImmutableArray<Payout> PaidOut) PayOut(State state)
    {
        var due = state.Members.Values.Where(member => IsDue(member) && !HasLeft(member));
        var paid = ImmutableArray.CreateBuilder<Payout>();
        var members = state.Members.ToBuilder();
        foreach (var member in due)
        {
            paid.Add(new(member.Name, member.BalanceCents));
            members[member.Name] = member with
            {
                PaidOutCents = member.BalanceCents,
                Memberships = Change(
                    member.Memberships,
                    membership => membership with { StakeCents = 0, EarnedCents = 0, Standing = Standing.Left }
                ),
            };
        }

        var cents = paid.Sum(payout => payout.Cents);
        return (
            state with
            {
                Members = members.ToImmutable(),
                PaidOutCents = checked(state.PaidOutCents + cents),
            },
            paid.ToImmutable()
        );
    }

    /// <summary>A member without anything at risk is asked no more, so it need not wait.</summary>
    private static bool IsDue(Member member) =>
        member.ExitsAtGold is { } at && (at <= member.GoldAsked || !member.IsAtRisk);

    /// <summary>Whether it was paid out, in every network.</summary>
    internal static bool HasLeft(Member member) =>
        member.Memberships.Values.All(membership => membership.Standing == Standing.Left);

    private static ImmutableSortedDictionary<string, Membership> Change(
        ImmutableSortedDictionary<string, Membership> memberships,
        Func<Membership, Membership> change
    ) => memberships.ToImmutableSortedDictionary(pair => pair.Key, pair => change(pair.Value), StringComparer.Ordinal);
}
