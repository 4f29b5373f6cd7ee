using System.Collections.Concurrent;

namespace Workshop.Ledger.Blocks;

/// <summary>
/// Reads lines and parses them on a thread of its own, while its caller replays those before: each takes about as long as
/// the other. Its memory is that of a few pieces of the file.
/// </summary>
/// <param name="read">Fills a buffer with what comes next; 0 at the end.</param>
internal sealed class ParseAhead(Func<Memory<byte>, int> read)
{
    private const int PieceBytes = 256 * 1024;

    private const int PiecesAhead = 4;

    /// <summary>Behind the last line: one whose end is missing. It is whole when the lines were all taken.</summary>
    internal ReadOnlyMemory<byte> Rest { get; private set; }

    /// <summary>The lines, in their order. Whoever takes no more of them ends the reading too.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    internal IEnumerable<ParsedLine> Lines()
    {
        using var stop = new CancellationTokenSource();
        using var pieces = new BlockingCollection<ParsedLine[]>(PiecesAhead);
        var reading = Task.Factory.StartNew(
            () => Read(pieces, stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        try
        {
            foreach (var piece in pieces.GetConsumingEnumerable())
            {
                foreach (var line in piece)
                {
                    yield return line;
                }
            }

            reading.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            Task.WaitAny([reading], CancellationToken.None);
        }
    }

    private void Read(BlockingCollection<ParsedLine[]> pieces, CancellationToken ct)
    {
        try
        {
            var lines = new LineBuffer(PieceBytes);
            while (read(lines.Room()) is > 0 and var count)
            {
                lines.Add(count);
                pieces.Add(Parse(lines), ct);
            }

            Rest = lines.Rest.ToArray();
        }
        catch (FormatException tooLong)
        {
            pieces.Add([new(null, tooLong.Message, null, 0)], ct);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked wants no more.
        }
        finally
        {
            pieces.CompleteAdding();
        }
    }

    private static ParsedLine[] Parse(LineBuffer lines)
    {
        var parsed = new List<ParsedLine>();
        while (lines.TryTake(out var line))
        {
            parsed.Add(ParsedLine.Of(line.Span));
        }

        return [.. parsed];
    }
}
