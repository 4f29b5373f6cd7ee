using System.Threading.Channels;

namespace Workshop.AppHost.Embedded.Running;

/// <summary>One line of a resource's output.</summary>
/// <param name="Number">Counts from 1, without gaps, over the resource's whole life.</param>
/// <param name="At">When the host read it.</param>
/// <param name="Text">The line.</param>
internal sealed record ConsoleLine(long Number, DateTimeOffset At, string Text);

/// <summary>The last lines of a resource's output, for later and for those who watch.</summary>
internal sealed class ConsoleLog(TimeProvider time)
{
    /// <summary>Lines that are kept.</summary>
    internal const int Capacity = 2000;

    /// <summary>Lines that a slow reader may be behind; then it misses the oldest.</summary>
    private const int ReaderCapacity = 1000;

    private readonly Lock gate = new();
    private readonly Queue<ConsoleLine> lines = new();
    private readonly List<ChannelWriter<ConsoleLine>> readers = [];
    private long last;

    /// <summary>Adds a line.</summary>
    internal void Add(string text)
    {
        lock (gate)
        {
            var line = new ConsoleLine(++last, time.GetUtcNow(), text);
            lines.Enqueue(line);
            if (lines.Count > Capacity)
            {
                lines.Dequeue();
            }

            foreach (var reader in readers)
            {
                reader.TryWrite(line);
            }
        }
    }

    /// <summary>The last <paramref name="count"/> lines that are kept, oldest first.</summary>
    internal ConsoleLine[] Last(int count)
    {
        lock (gate)
        {
            return [.. lines.TakeLast(count)];
        }
    }

    /// <summary>
    /// The kept lines after number <paramref name="after"/>, then each new one as it comes, until <paramref
    /// name="ct"/>.
    /// </summary>
    internal async IAsyncEnumerable<ConsoleLine> Follow(
        long after,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var options = new BoundedChannelOptions(ReaderCapacity) { FullMode = BoundedChannelFullMode.DropOldest };
        var channel = Channel.CreateBounded<ConsoleLine>(options);
        ConsoleLine[] kept;
        lock (gate)
        {
            kept = [.. lines.Where(line => line.Number > after)];
            readers.Add(channel.Writer);
        }

        try
        {
            foreach (var line in kept)
            {
                yield return line;
            }

            await foreach (var line in channel.Reader.ReadAllAsync(ct))
            {
                yield return line;
            }
        }
        finally
        {
            lock (gate)
            {
                readers.Remove(channel.Writer);
            }
        }
    }
}
