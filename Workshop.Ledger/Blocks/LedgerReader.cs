namespace Workshop.Ledger.Blocks;

/// <summary>Where a block stands in the file.</summary>
/// <param name="Offset">First byte of its line.</param>
/// <param name="Length">Bytes without the line end.</param>
public sealed record Place(long Offset, int Length);

/// <summary>Reads a ledger from its first byte to its last.</summary>
public static class LedgerReader
{
    /// <summary>Longest line that is read: a batch of 1000 rows and 256 members stays below it.</summary>
    internal const int MaximumLineBytes = 64 * 1024 * 1024;

    /// <summary>Adds every line to a replay.</summary>
    /// <param name="ledger">Read to its end.</param>
    /// <param name="replay">Gets the lines.</param>
    /// <param name="found">Told of each block and its place.</param>
    /// <returns>
    /// Bytes of a torn last line, which a crash leaves behind; they were never acknowledged. 0 when there is none.
    /// </returns>
    /// <exception cref="LedgerException">A block does not verify.</exception>
    public static int ReadAll(Stream ledger, Replay replay, Action<Block, Place>? found = null)
    {
        var ahead = new ParseAhead(buffer => ledger.Read(buffer.Span));
        long offset = 0;
        foreach (var line in ahead.Lines())
        {
            var block = replay.Add(line);
            found?.Invoke(block, new(offset, line.Length));
            offset += line.Length + 1;
        }

        return CheckTail(ahead.Rest.Span, replay);
    }

    /// <summary>
    /// A torn line is the beginning of one. A whole block and then a byte that is no line end was changed.
    /// </summary>
    private static int CheckTail(ReadOnlySpan<byte> tail, Replay replay) =>
        tail.Length > 1 && Block.Read(tail[..^1], replay.Count, replay.Head, out _) is null
            ? throw new LedgerException(replay.Count, "The line end of the last block was changed.")
            : tail.Length;
}
