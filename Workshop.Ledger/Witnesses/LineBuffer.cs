namespace Workshop.Ledger.Witnesses;

/// <summary>Cuts what comes in pieces into lines. Its memory is that of the longest line.</summary>
internal sealed class LineBuffer
{
    private const int FirstBytes = 64 * 1024;

    private byte[] buffer = new byte[FirstBytes];

    private int start;

    private int filled;

    /// <summary>Bytes of a line whose end has not come yet.</summary>
    internal int Rest => filled - start;

    /// <summary>Where the next piece goes.</summary>
    /// <exception cref="FormatException">A line is longer than a ledger's may be.</exception>
    internal Memory<byte> Room()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            start = 0;
        }

        if (filled == buffer.Length)
        {
            Array.Resize(
                ref buffer,
                buffer.Length < Blocks.LedgerReader.MaximumLineBytes
                    ? buffer.Length * 2
                    : throw new FormatException("A line is longer than any block.")
            );
        }

        return buffer.AsMemory(filled);
    }

    /// <summary>So many bytes have come.</summary>
    internal void Add(int count) => filled += count;

    /// <summary>Takes the next whole line, without its end. It stands until <see cref="Room"/> is called.</summary>
    internal bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
        line = length < 0 ? default : buffer.AsMemory(start, length);
        start += length + 1;
        return length >= 0;
    }
}
