using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>Something that happened: the payload of a block. All numbers are whole, see <see cref="Units"/>.</summary>
public abstract record Entry;

/// <summary>From here on the mechanism runs with these parameters. The first entry of every ledger.</summary>
/// <param name="Parameters">All of them.</param>
public sealed record RulesEntry(Parameters Parameters) : Entry;

/// <summary>The operator puts money into the treasury.</summary>
/// <param name="Cents">Amount, above 0.</param>
public sealed record TreasuryEntry(long Cents) : Entry;

/// <summary>What a member says of itself.</summary>
/// <param name="Network">For example <c>iris</c>.</param>
/// <param name="Accuracy">
/// Declared accuracy, in parts per million; 0 leaves the claim open until a <see cref="ClaimEntry"/> fills it in.
/// </param>
public sealed record NetworkClaim(string Network, long Accuracy);

/// <summary>A member joins.</summary>
/// <param name="Name">1-64 of letters, digits, <c>.</c>, <c>_</c>, <c>-</c>.</param>
/// <param name="Url">Where it is asked.</param>
/// <param name="Protocol"><c>predict</c> or <c>v2</c>.</param>
/// <param name="DepositCents">Put down for each network.</param>
/// <param name="Networks">Which networks, with a claim for each.</param>
public sealed record RegistrationEntry(
    string Name,
    string Url,
    string Protocol,
    long DepositCents,
    ImmutableArray<NetworkClaim> Networks
) : Entry;

/// <summary>A member's evaluation is there, and fills in claims that its registration left open. Never a second time.</summary>
/// <param name="Name">Who.</param>
/// <param name="Networks">The claims, each above 0.</param>
public sealed record ClaimEntry(string Name, ImmutableArray<NetworkClaim> Networks) : Entry;

/// <summary>A member wants to leave.</summary>
/// <param name="Name">Who.</param>
public sealed record ExitEntry(string Name) : Entry;

/// <summary>A row whose truth is known.</summary>
/// <param name="Row">Index in the batch.</param>
/// <param name="Truth">Index of the class, or the value in cents.</param>
public sealed record GoldRow(int Row, long Truth);

/// <summary>The second answer to a row that was asked twice.</summary>
/// <param name="Row">Index in the batch.</param>
/// <param name="Answer">As in <see cref="MemberAnswers.Rows"/>.</param>
public sealed record SecondAnswer(int Row, ImmutableArray<long> Answer);

/// <summary>What one member answered.</summary>
/// <param name="Member">Who was asked.</param>
/// <param name="Rows">Per row the probabilities in parts per million, or the value in cents; empty for a miss.</param>
/// <param name="Again">Second answers.</param>
public sealed record MemberAnswers(
    string Member,
    ImmutableArray<ImmutableArray<long>> Rows,
    ImmutableArray<SecondAnswer> Again
);

/// <summary>A batch with all that was asked and answered, and what followed from it.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Number">Batch number within the network, from 0.</param>
/// <param name="Rows">Each row as a line of comma-separated values, in the order of the network's columns.</param>
/// <param name="Gold">Rows with known truth.</param>
/// <param name="Answers">One per member asked.</param>
/// <param name="Settlement">What followed; null until the transition has worked it out.</param>
public sealed record BatchEntry(
    string Network,
    long Number,
    ImmutableArray<string> Rows,
    ImmutableArray<GoldRow> Gold,
    ImmutableArray<MemberAnswers> Answers,
    Settlement? Settlement
) : Entry;

/// <summary>What followed from a batch. A replay works it out again and compares.</summary>
/// <param name="Consensus">Per row the combined answer; empty where nobody with influence answered.</param>
/// <param name="Members">One per member scored.</param>
/// <param name="PaidOut">Members that left with this batch, sorted by name.</param>
public sealed record Settlement(
    ImmutableArray<ImmutableArray<long>> Consensus,
    ImmutableArray<MemberSettlement> Members,
    ImmutableArray<Payout> PaidOut
);

/// <summary>A member that left.</summary>
/// <param name="Member">Who.</param>
/// <param name="Cents">What it was paid.</param>
public sealed record Payout(string Member, long Cents);

/// <summary>What a batch meant for one member.</summary>
/// <param name="Member">Who.</param>
/// <param name="Answered">Rows answered.</param>
/// <param name="Scored">Rows on which the others had a consensus.</param>
/// <param name="Agreed">Rows of those on which it agreed with them.</param>
/// <param name="GoldRight">Gold rows right.</param>
/// <param name="GoldWrong">Gold rows wrong.</param>
/// <param name="Estimate">Accuracy estimate after the batch, in parts per million.</param>
/// <param name="Weight">Weight after the batch, in parts per million; 0 without influence.</param>
/// <param name="PaidCents">Reward.</param>
/// <param name="SlashedCents">Taken from the stake.</param>
/// <param name="Standing">After the batch.</param>
/// <param name="Events">What happened, in order: <c>slashed</c>, <c>equivocated</c>, <c>jailed</c>, <c>absent</c>,
/// <c>ejected</c>, <c>released</c>, <c>admitted</c>.</param>
public sealed record MemberSettlement(
    string Member,
    int Answered,
    int Scored,
    int Agreed,
    int GoldRight,
    int GoldWrong,
    long Estimate,
    long Weight,
    long PaidCents,
    long SlashedCents,
    Standing Standing,
    ImmutableArray<string> Events
);
