using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>Something that happened: the payload of a block. All numbers are whole, see <see cref="Units"/>.</summary>
public abstract record Entry;

/// <summary>From here on the mechanism runs with these parameters. The first entry of every ledger.</summary>
/// <param name="Parameters">All of them.</param>
/// <param name="Version">Of the ledger's format.</param>
public sealed record RulesEntry(Parameters Parameters, int Version = RulesEntry.Current) : Entry
{
    /// <summary>The version that this program reads and writes.</summary>
    public const int Current = 2;
}

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
/// <param name="Founder">
/// Whether it is the operator's own: active at once in a network that has settled no batch yet. Null stands for no.
/// </param>
/// <param name="Key">
/// The member's public key, where it is a witness: ECDSA P-256, SubjectPublicKeyInfo, base64.
/// </param>
public sealed record RegistrationEntry(
    string Name,
    string Url,
    string Protocol,
    long DepositCents,
    ImmutableArray<NetworkClaim> Networks,
    bool? Founder = null,
    string? Key = null
) : Entry;

/// <summary>A member's evaluation is there, and fills in claims that its registration left open. Never a second time.</summary>
/// <param name="Name">Who.</param>
/// <param name="Networks">The claims, each above 0.</param>
public sealed record ClaimEntry(string Name, ImmutableArray<NetworkClaim> Networks) : Entry;

/// <summary>A member answers somewhere else from here on; everything else of it stays.</summary>
/// <param name="Name">Who.</param>
/// <param name="Url">Where it is asked.</param>
/// <param name="Key">Its public key from here on, where it had none; as in <see cref="RegistrationEntry"/>.</param>
public sealed record MoveEntry(string Name, string Url, string? Key = null) : Entry;

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
/// <param name="Miss">Why a row is missing, of the first that is; null where none is.</param>
public sealed record MemberAnswers(
    string Member,
    ImmutableArray<ImmutableArray<long>> Rows,
    ImmutableArray<SecondAnswer> Again,
    string? Miss = null
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
) : Entry
{
    /// <summary>The seed that chose the gold rows, revealed; hexadecimal. Null where the network has no commitment.</summary>
    public string? Seed { get; init; }

    /// <summary>SHA-256 of the next batch's seed, hexadecimal.</summary>
    public string? Commitment { get; init; }

    /// <summary>What its caller calls it, so that a repeat finds it; null where no key came with it.</summary>
    public Intent? Intent { get; init; }
}

/// <summary>A request under an idempotency key. A ledger is read by everybody, so neither stands in it as it came.</summary>
/// <param name="Key">SHA-256 of caller and key, hexadecimal.</param>
/// <param name="Request">SHA-256 of what was asked for, hexadecimal.</param>
public sealed record Intent(string Key, string Request);

/// <summary>A truth that came later.</summary>
/// <param name="Row">Index in the batch.</param>
/// <param name="Truth">Index of the class, or the value in cents.</param>
public sealed record ToldRow(int Row, long Truth);

/// <summary>The operator tells what came true of rows that were asked: they count as gold from here on.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Number">Of the batch.</param>
/// <param name="Rows">Each row once.</param>
/// <param name="Settlement">What followed; null until the transition has worked it out.</param>
public sealed record TruthEntry(string Network, long Number, ImmutableArray<ToldRow> Rows, TruthSettlement? Settlement)
    : Entry;

/// <summary>The seeds of a network's gold rows begin, or begin anew since their key was lost.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Commitment">SHA-256 of the next batch's seed, hexadecimal.</param>
/// <param name="Reason">In words.</param>
public sealed record SeedEntry(string Network, string Commitment, string Reason) : Entry;

/// <summary>A member's signature of a block.</summary>
/// <param name="Name">Of the member, which registered with a key.</param>
/// <param name="Height">Of the block.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Signature">64 bytes, base64.</param>
public sealed record WitnessSignature(string Name, long Height, string Hash, string Signature);

/// <summary>What members have signed since the last such entry. It changes no balance and no weight.</summary>
/// <param name="Witnesses">One per member.</param>
public sealed record WitnessesEntry(ImmutableArray<WitnessSignature> Witnesses) : Entry;
