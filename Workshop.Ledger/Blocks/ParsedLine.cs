namespace Workshop.Ledger.Blocks;

/// <summary>A line of a ledger as far as it can be judged without those before it.</summary>
/// <param name="Block">What it says; null where it is no block.</param>
/// <param name="Violation">Why it is none, in words.</param>
/// <param name="Refusal">Why a ledger that begins with it is not read.</param>
/// <param name="Length">Bytes without the line end.</param>
internal readonly record struct ParsedLine(Block? Block, string? Violation, string? Refusal, int Length)
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line end.</param>
    internal static ParsedLine Of(ReadOnlySpan<byte> line)
    {
        var violation = Block.Parse(line, out var block);
        var canBeFirst = block is { Height: 0 } || (block is null && Block.SealViolation(line) is null);
        return new(block, violation, canBeFirst ? LedgerVersion.Refusal(line) : null, line.Length);
    }
}
