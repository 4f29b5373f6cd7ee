using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

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
/// <param name="Quality">w after the batch, in parts per million.</param>
/// <param name="Originality">u after the batch, in parts per million.</param>
/// <param name="PaidCents">Reward.</param>
/// <param name="SlashedCents">Taken from the stake.</param>
/// <param name="Standing">After the batch.</param>
/// <param name="Events">What happened, in order: <c>slashed</c>, <c>equivocated</c>, <c>absent</c>,
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
    long Quality,
    long Originality,
    long PaidCents,
    long SlashedCents,
    Standing Standing,
    ImmutableArray<string> Events
);

/// <summary>What followed from truths that came later. A replay works it out again and compares.</summary>
/// <param name="Members">One per member that was asked and still has a stake at risk.</param>
/// <param name="PaidOut">Members that left with it, sorted by name.</param>
public sealed record TruthSettlement(ImmutableArray<TruthConsequence> Members, ImmutableArray<Payout> PaidOut);

/// <summary>What truths that came later meant for one member.</summary>
/// <param name="Member">Of whom.</param>
/// <param name="GoldRight">Rows that it had right.</param>
/// <param name="GoldWrong">Rows that it had wrong.</param>
/// <param name="Weight">After it, in parts per million; 0 without influence.</param>
/// <param name="Quality">w after it, in parts per million.</param>
/// <param name="Originality">u after it, in parts per million.</param>
/// <param name="SlashedCents">Taken from the stake.</param>
/// <param name="Standing">After it.</param>
/// <param name="Events">As in <see cref="MemberSettlement.Events"/>.</param>
public sealed record TruthConsequence(
    string Member,
    int GoldRight,
    int GoldWrong,
    long Weight,
    long Quality,
    long Originality,
    long SlashedCents,
    Standing Standing,
    ImmutableArray<string> Events
);
