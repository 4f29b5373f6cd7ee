using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>One member while an entry is being settled: what it did, and what becomes of it, step by step.</summary>
/// <param name="name">Of the member.</param>
/// <param name="membership">Before the entry.</param>
internal sealed class Draft(string name, Membership membership)
{
    private readonly List<string> events = [];

    internal string Name => name;

    internal Membership Membership { get; private set; } = membership;

    /// <summary>What it answered and how that compares; null for a member that was not asked.</summary>
    internal Score? Score { get; set; }

    internal long PaidCents { get; private set; }

    internal long SlashedCents { get; private set; }

    internal IReadOnlyList<string> Events => events;

    /// <summary>One draft per member with stake at risk in a network, sorted by name.</summary>
    internal static ImmutableArray<Draft> Of(State state, string network) =>
        [
            .. Electorate
                .Of(state.Members, network)
                .Where(entry => entry.Membership.AtRisk)
                .Select(entry => new Draft(entry.Name, entry.Membership)),
        ];

    /// <summary>The state with the drafts in place; what was slashed goes to the treasury, what was paid comes from it.</summary>
    internal static State Write(State state, string network, ImmutableArray<Draft> drafts, long paidCents)
    {
        var members = state.Members.ToBuilder();
        foreach (var draft in drafts)
        {
            var member = members[draft.Name];
            members[draft.Name] = member with { Memberships = member.Memberships.SetItem(network, draft.Membership) };
        }

        return state with
        {
            Members = members.ToImmutable(),
            TreasuryCents = checked(state.TreasuryCents - paidCents + drafts.Sum(draft => draft.SlashedCents)),
        };
    }

    internal void Change(Func<Membership, Membership> change) => Membership = change(Membership);

    internal void Note(string what, Standing? standing = null)
    {
        events.Add(what);
        Membership = Membership with { Standing = standing ?? Membership.Standing };
    }

    internal void Slash(long cents)
    {
        SlashedCents += cents;
        Membership = Membership with { StakeCents = Membership.StakeCents - cents };
    }

    internal void Pay(long cents)
    {
        PaidCents += cents;
        Membership = Membership with { EarnedCents = Membership.EarnedCents + cents };
    }
}

/// <summary>What a member did in a batch.</summary>
/// <param name="Answered">Rows answered.</param>
/// <param name="Missed">Whether that is too few to have taken part.</param>
/// <param name="Agreement">With the others.</param>
/// <param name="GoldLosses">Per answered gold row whether it was wrong, in the order of the rows.</param>
/// <param name="Equivocated">Whether it answered one row in two ways.</param>
internal sealed record Score(
    int Answered,
    bool Missed,
    Agreement Agreement,
    IReadOnlyList<bool> GoldLosses,
    bool Equivocated
);
