using System.Globalization;
using System.Text;
using Workshop.Ledger.Blocks;

namespace Workshop.Ledger.Witnesses;

/// <summary>A ledger is not what a witness saw before, or breaks its own rules.</summary>
/// <param name="Kind">
/// <c>rewritten</c>: a block that was held has another hash now; <c>truncated</c>: the ledger ends before what was held;
/// <c>invalid</c>: a block does not follow, or does not settle as it says.
/// </param>
/// <param name="Height">The first block that is wrong, or is gone.</param>
/// <param name="Held">Hash of that block as the witness holds it; null where it holds none.</param>
/// <param name="Shown">Hash that is shown now; null where there is none.</param>
/// <param name="Reason">In words.</param>
/// <param name="HeldBlock">The witness's own line.</param>
/// <param name="ShownBlock">What is shown in its place.</param>
/// <param name="At">When it was found.</param>
public sealed record LedgerConflict(
    string Kind,
    long Height,
    string? Held,
    string? Shown,
    string Reason,
    string? HeldBlock,
    string? ShownBlock,
    DateTimeOffset At
)
{
    internal const string Rewritten = "rewritten";

    internal const string Truncated = "truncated";

    internal const string Invalid = "invalid";

    /// <summary>A longer block is told by its hash alone.</summary>
    internal const int LongestBlock = 64 * 1024;

    /// <summary>A line as it is kept for people; null where it is too long.</summary>
    internal static string? Text(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line.Length > LongestBlock ? null : Encoding.UTF8.GetString(line);

    /// <summary>A block that was held is another one now.</summary>
    internal static LedgerConflict OfRewriting(LedgerCopy copy, long height, ShownBlock shown, DateTimeOffset at)
    {
        var held = copy.LineAt(height)?.Line;
        var hash = copy.HashAt(height);
        return new(
            Rewritten,
            height,
            hash,
            shown.Hash,
            Words($"Block {height} was {hash} and is {shown.Hash} now: history was rewritten from there."),
            Text(held),
            shown.Line is { Length: <= LongestBlock } line ? line : null,
            at
        );
    }

    /// <summary>Blocks that were held are gone.</summary>
    internal static LedgerConflict OfTruncation(
        long first,
        long blocks,
        string? held,
        byte[]? line,
        DateTimeOffset at
    ) =>
        new(
            Truncated,
            first,
            held,
            null,
            Words($"The ledger had {blocks} blocks and has {first} now: its end was taken away."),
            Text(line),
            null,
            at
        );

    /// <summary>A block breaks a rule.</summary>
    internal static LedgerConflict OfViolation(
        long height,
        string reason,
        ReadOnlySpan<byte> line,
        DateTimeOffset at
    ) =>
        new(
            Invalid,
            height,
            null,
            line.Length > 0 && Block.SealViolation(line) is null ? Block.HashIn(line) : null,
            Words($"Block {height} does not verify: {reason}"),
            null,
            Text(line),
            at
        );

    private static string Words(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A conflict was found, and following ends.</summary>
/// <param name="conflict">What it is.</param>
public sealed class ConflictException(LedgerConflict conflict)
    : Exception((conflict ?? throw new ArgumentNullException(nameof(conflict))).Reason)
{
    /// <summary>Without words of its own.</summary>
    public ConflictException()
        : this("The ledger is not what it was.") { }

    /// <summary>With the reason alone.</summary>
    public ConflictException(string message)
        : this(new LedgerConflict(LedgerConflict.Invalid, 0, null, null, message, null, null, default)) { }

    /// <summary>With the reason, and what was wrong.</summary>
    public ConflictException(string message, Exception innerException)
        : this($"{message} {innerException?.Message}") { }

    /// <summary>What it is.</summary>
    public LedgerConflict Conflict { get; } = conflict;
}
