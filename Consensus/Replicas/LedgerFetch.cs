using Consensus.Ledger;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Witnesses;
using Workshop.Replicas;

namespace Consensus.Replicas;

/// <summary>Fetches final blocks that are missing here from the other replicas: the lines that anybody may follow.</summary>
internal sealed class LedgerFetch(
    ReplicaOptions options,
    LedgerChain chain,
    TimeProvider time,
    ILogger<LedgerFetch> logger
) : IDisposable
{
    /// <summary>Lines that share a flush.</summary>
    private const int LinesAtOnce = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>A replica that sends nothing for so long is given up for the next one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>
    /// Fetches until the ledger has so many blocks. Whoever has them answers, however long that takes; another call waits its
    /// turn.
    /// </summary>
    /// <exception cref="LedgerException">What came does not follow what is here.</exception>
    internal async ValueTask Reach(long count, CancellationToken ct)
    {
        if (chain.Now.Count >= count)
        {
            return;
        }

        await turn.WaitAsync(ct);
        try
        {
            if (chain.Now.Count < count)
            {
                await Fetch(count, ct);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task Fetch(long count, CancellationToken ct)
    {
        ReplicaLog.Behind(logger, chain.Now.Count, count);
        while (chain.Now.Count < count)
        {
            foreach (var other in options.Others)
            {
                try
                {
                    await From(other, count, ct);
                }
                catch (Exception away)
                    when (away is HttpRequestException or IOException or FormatException
                        || (away is OperationCanceledException && !ct.IsCancellationRequested)
                    )
                {
                    // Not there, not so far itself, or silent: the next one, and then all again.
                }
            }

            if (chain.Now.Count < count)
            {
                await Task.Delay(Pause, time, ct);
            }
        }

        ReplicaLog.CaughtUp(logger, chain.Now.Count);
    }

    private async Task From(Uri other, long count, CancellationToken ct)
    {
        using var http = LedgerSource.Client(other);
        http.DefaultRequestHeaders.Add(ReplicaGate.SecretHeader, options.Secret);
        using var response = await new LedgerSource(http).Stream(chain.Now.Count, ct);
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new LineBuffer();
        var lines = new List<ReadOnlyMemory<byte>>();
        while (chain.Now.Count < count)
        {
            using var patience = new CancellationTokenSource(Silence, time);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            var read = await stream.ReadAsync(buffer.Room(), limited.Token);
            if (read == 0)
            {
                return;
            }

            buffer.Add(read);
            while (chain.Now.Count + lines.Count < count && buffer.TryTake(out var line))
            {
                lines.Add(line.ToArray());
                if (lines.Count == LinesAtOnce)
                {
                    Take(lines);
                }
            }

            Take(lines);
        }
    }

    private void Take(List<ReadOnlyMemory<byte>> lines)
    {
        if (lines.Count > 0)
        {
            lock (chain.Gate)
            {
                chain.Take(lines);
            }

            lines.Clear();
        }
    }
}
