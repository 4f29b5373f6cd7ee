namespace Workshop.Ledger.Blocks;

/// <summary>Cuts what comes in pieces into lines. Its memory is that of the longest line.</summary>
/// <param name="firstBytes">Room at first.</param>
internal sealed class LineBuffer(int firstBytes = 64 * 1024)
{
    private byte[] buffer = new byte[firstBytes];

    private int start;

    private int filled;

    /// <summary>A line whose end has not come yet.</summary>
    internal ReadOnlySpan<byte> Rest => buffer.AsSpan(start, filled - start);

    /// <summary>Where the next piece goes.</summary>
    /// <exception cref="FormatException">A line is longer than a ledger's may be.</exception>
    internal Memory<byte> Room()
    {
        if (start > 0)
        {
            Rest.CopyTo(buffer);
            filled -= start;
            start = 0;
        }

        if (filled == buffer.Length)
        {
            Array.Resize(
                ref buffer,
                buffer.Length < LedgerReader.MaximumLineBytes
                    ? buffer.Length * 2
                    : throw new FormatException($"The line is longer than {LedgerReader.MaximumLineBytes} bytes.")
            );
        }

        return buffer.AsMemory(filled);
    }

    /// <summary>So many bytes have come.</summary>
    internal void Add(int count) => filled += count;

    /// <summary>Takes the next whole line, without its end. It stands until <see cref="Room"/> is called.</summary>
    internal bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var length = Rest.IndexOf((byte)'\n');
        line = length < 0 ? default : buffer.AsMemory(start, length);
        start += length + 1;
        return length >= 0;
    }
}
