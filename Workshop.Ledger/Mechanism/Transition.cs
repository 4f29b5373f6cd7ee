using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>What became of an entry: <see cref="Applied"/> or <see cref="Refused"/>.</summary>
public abstract record Outcome;

/// <summary>It holds.</summary>
/// <param name="State">After it.</param>
/// <param name="Entry">With what followed from it filled in.</param>
public sealed record Applied(State State, Entry Entry) : Outcome;

/// <summary>It does not hold, and nothing changed.</summary>
/// <param name="Refusal">Which rule.</param>
/// <param name="Reason">In words, for people.</param>
public sealed record Refused(Refusal Refusal, string Reason) : Outcome;

/// <summary>Which rule refused an entry.</summary>
public enum Refusal
{
    /// <summary>The entry contradicts itself or the parameters.</summary>
    Invalid,

    /// <summary>The name was used before.</summary>
    NameTaken,

    /// <summary>There is no such member, network or batch.</summary>
    Unknown,

    /// <summary>What was to be told is known already, or of a time long gone.</summary>
    TooLate,

    /// <summary>The member is leaving, or has left.</summary>
    Leaving,

    /// <summary>No more members fit.</summary>
    Full,

    /// <summary>The state after it would contradict itself: a defect of ours, after which nothing is written.</summary>
    Broken,
}

/// <summary>The fold: a state and an entry give the next state. Pure, total, and the same everywhere.</summary>
public static class Transition
{
    /// <summary>Applies one entry.</summary>
    /// <param name="state">Before it.</param>
    /// <param name="entry">What happened.</param>
    /// <returns>The state after it, or why it is refused.</returns>
    public static Outcome Apply(State state, Entry entry)
    {
        var outcome = entry switch
        {
            RulesEntry rules => Accept(state with { Parameters = rules.Parameters }, rules),
            TreasuryEntry treasury => Fill(state, treasury),
            RegistrationEntry registration => Register(state, registration),
            ClaimEntry claim => Declare(state, claim),
            MoveEntry move => Move(state, move),
            ExitEntry exit => Leave(state, exit),
            BatchEntry batch => Settle(state, batch),
            TruthEntry truth => Tell(state, truth),
            SeedEntry seed => Commit(state, seed),
            WitnessesEntry witnesses => Witness(state, witnesses),
            _ => Refuse(Refusal.Invalid, "No such entry."),
        };
        return outcome is Applied applied && Invariants.Violation(applied.State) is { } violation
            ? Refuse(Refusal.Broken, violation)
            : outcome;
    }

    private static Outcome Fill(State state, TreasuryEntry entry) =>
        entry.Cents <= 0
            ? Refuse(Refusal.Invalid, "A treasury deposit is above 0.")
            : Accept(
                state with
                {
                    TreasuryCents = checked(state.TreasuryCents + entry.Cents),
                    DepositedCents = checked(state.DepositedCents + entry.Cents),
                },
                entry
            );

    private static Outcome Register(State state, RegistrationEntry entry)
    {
        if (LookAlike.Find(state, entry.Name) is { } taken)
        {
            return Refuse(Refusal.NameTaken, $"The name '{entry.Name}' is taken, or looks like '{taken}'.");
        }

        if (state.Members.Values.Count(member => member.IsAtRisk) >= state.Parameters.MaximumMembers)
        {
            return Refuse(
                Refusal.Full,
                $"At most {state.Parameters.MaximumMembers} members have a stake at risk at one time."
            );
        }

        if (
            entry.DepositCents < state.Parameters.MinimumDepositCents
            || entry.Networks.IsEmpty
            || entry.Networks.Any(claim =>
                !Network.All.ContainsKey(claim.Network) || claim.Accuracy is < 0 or > Units.Million
            )
            || entry.Networks.DistinctBy(claim => claim.Network, StringComparer.Ordinal).Count()
                != entry.Networks.Length
        )
        {
            return Refuse(
                Refusal.Invalid,
                "The deposit is too small, or a network or its declared accuracy is not valid."
            );
        }

        var memberships = entry.Networks.ToImmutableSortedDictionary(
            claim => claim.Network,
            claim => Join(state, entry, Network.All[claim.Network], Units.FromMillionths(claim.Accuracy)),
            StringComparer.Ordinal
        );
        var member = new Member(entry.Name, entry.Url, entry.Protocol, memberships, null, 0) { Key = entry.Key };
        return Accept(
            state with
            {
                Members = state.Members.Add(entry.Name, member),
                DepositedCents = checked(state.DepositedCents + member.BalanceCents),
            },
            entry
        );
    }

    private static Membership Join(State state, RegistrationEntry entry, Network network, double declaredAccuracy) =>
        new(
            entry.DepositCents,
            entry.DepositCents,
            0,
            declaredAccuracy,
            state.Parameters.EstimateStart,
            Gold.Chance(network, state.Parameters),
            entry.Founder is true && state.Networks[network.Name].Batches == 0 ? Standing.Active : Standing.Probation
        )
        {
            Order = state.Members.Count,
            GoldBet = Bet.Start(state.Parameters),
        };

    /// <summary>Signatures are checked where they are read and written; here it counts that members made them.</summary>
    private static Outcome Witness(State state, WitnessesEntry entry) =>
        entry.Witnesses.IsDefaultOrEmpty
        || entry.Witnesses.Any(one => one?.Name is null)
        || entry.Witnesses.DistinctBy(one => one.Name, StringComparer.Ordinal).Count() != entry.Witnesses.Length
            ? Refuse(Refusal.Invalid, "Each of some witnesses signs once in a block.")
        : entry.Witnesses.FirstOrDefault(one => state.Members.GetValueOrDefault(one.Name)?.Key is null) is { } stranger
            ? Refuse(Refusal.Unknown, $"'{stranger.Name}' is no witness.")
        : Accept(state, entry);

    /// <summary>What was declared once stands: it is a bet that nobody may leave while it goes badly.</summary>
    private static Outcome Declare(State state, ClaimEntry entry)
    {
        if (!state.Members.TryGetValue(entry.Name, out var member))
        {
            return Refuse(Refusal.Unknown, $"There is no member '{entry.Name}'.");
        }

        if (entry.Networks.IsEmpty)
        {
            return Refuse(Refusal.Invalid, "A claim names a network.");
        }

        var memberships = member.Memberships;
        foreach (var claim in entry.Networks)
        {
            if (
                claim.Accuracy is <= 0 or > Units.Million
                || memberships.GetValueOrDefault(claim.Network) is not { DeclaredAccuracy: 0 } open
            )
            {
                return Refuse(
                    Refusal.Invalid,
                    $"'{entry.Name}' has no open claim for {claim.Network}, or the claim is not above 0 and at most 1."
                );
            }

            memberships = memberships.SetItem(
                claim.Network,
                open with
                {
                    DeclaredAccuracy = Units.FromMillionths(claim.Accuracy),
                }
            );
        }

        return Accept(
            state with
            {
                Members = state.Members.SetItem(entry.Name, member with { Memberships = memberships }),
            },
            entry
        );
    }

    /// <summary>A member that is leaving is asked until it has left, so it may move as well.</summary>
    private static Outcome Move(State state, MoveEntry entry) =>
        !state.Members.TryGetValue(entry.Name, out var member)
            ? Refuse(Refusal.Unknown, $"There is no member '{entry.Name}'.")
        : Exit.HasLeft(member) ? Refuse(Refusal.Leaving, $"'{entry.Name}' has left.")
        : entry.Key is { } key && member.Key is { } known && !string.Equals(key, known, StringComparison.Ordinal)
            ? Refuse(Refusal.Invalid, "A member's key never changes.")
        : Accept(
            state with
            {
                Members = state.Members.SetItem(
                    entry.Name,
                    member with
                    {
                        Url = entry.Url,
                        Key = entry.Key ?? member.Key,
                    }
                ),
            },
            entry
        );

    private static Outcome Leave(State state, ExitEntry entry) =>
        !state.Members.TryGetValue(entry.Name, out var member)
            ? Refuse(Refusal.Unknown, $"There is no member '{entry.Name}'.")
        : member.ExitsAtGold is not null ? Refuse(Refusal.Leaving, $"'{entry.Name}' is leaving already, or has left.")
        : Accept(Exit.Begin(state, member), entry);

    private static Outcome Settle(State state, BatchEntry entry)
    {
        if (BatchRules.Violation(state, entry) is { } violation)
        {
            return Refuse(Refusal.Invalid, violation);
        }

        var (after, settlement) = BatchTransition.Apply(state, entry);
        return Accept(after, entry with { Settlement = settlement });
    }

    private static Outcome Tell(State state, TruthEntry entry)
    {
        if (TruthTransition.Violation(state, entry) is { } refused)
        {
            return refused;
        }

        var (after, settlement) = TruthTransition.Apply(state, entry);
        return Accept(after, entry with { Settlement = settlement });
    }

    /// <summary>Whether a seed fits its commitment is cryptography, and checked where blocks are.</summary>
    private static Outcome Commit(State state, SeedEntry entry) =>
        !state.Networks.TryGetValue(entry.Network, out var network)
            ? Refuse(Refusal.Invalid, $"There is no network '{entry.Network}'.")
            : Accept(
                state with
                {
                    Networks = state.Networks.SetItem(entry.Network, network with { Commitment = entry.Commitment }),
                },
                entry
            );

    private static Applied Accept(State state, Entry entry) => new(state, entry);

    private static Refused Refuse(Refusal refusal, string reason) => new(refusal, reason);
}
