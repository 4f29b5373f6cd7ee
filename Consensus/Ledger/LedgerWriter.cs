using System.Threading.Channels;
using Consensus.Mechanism;

namespace Consensus.Ledger;

/// <summary>
/// The one thread that writes. Callers queue; while one group is being flushed the next gathers, so that under load
/// many blocks share a flush, and alone a block waits for none.
/// </summary>
internal sealed class LedgerWriter(LedgerChain chain, ILogger<LedgerWriter> logger, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    /// <summary>Callers that may wait; more wait for a place in the queue.</summary>
    private const int QueueLength = 1024;

    /// <summary>Most blocks that share a flush.</summary>
    private const int LargestGroup = 256;

    /// <summary>Blocks between snapshots.</summary>
    private const long BlocksPerSnapshot = 1000;

    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true }
    );

    /// <summary>What is on disk now.</summary>
    internal View Now => chain.Now;

    /// <summary>Appends an entry.</summary>
    /// <param name="make">Makes it from the state that it will follow.</param>
    /// <param name="ct">Gives up waiting; the entry may be written all the same.</param>
    /// <returns>Applied once it is on disk, or refused.</returns>
    /// <exception cref="IOException">The disk failed, and the service stops.</exception>
    internal async Task<Outcome> Append(Func<State, Entry> make, CancellationToken ct)
    {
        var pending = new Pending(make);
        await queue.Writer.WriteAsync(pending, ct);
        return await pending.Done.WaitAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Pending>(LargestGroup);
        var saved = chain.Now.Count;
        // Ends when StopAsync closes the queue, so that what was queued is written.
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            group.Clear();
            while (group.Count < LargestGroup && queue.Reader.TryRead(out var pending))
            {
                group.Add(pending);
            }

            if (!Write(group))
            {
                return;
            }

            if (chain.Now.Count >= saved + BlocksPerSnapshot)
            {
                chain.Save();
                saved = chain.Now.Count;
            }
        }

        chain.Save();
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    /// <summary>
    /// After a failure nothing is known of what the disk holds: only a new start, which reads it, may go on.
    /// </summary>
    private bool Write(List<Pending> group)
    {
        try
        {
            chain.Commit(group);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Stop(group, exception);
            return false;
        }

        if (
            group.Find(pending => pending.Outcome is Refused { Refusal: Refusal.Broken }) is { Outcome: Refused broken }
        )
        {
            Stop(group, new InvalidOperationException(broken.Reason));
            return false;
        }

        group.ForEach(pending => pending.Complete());
        return true;
    }

    private void Stop(List<Pending> group, Exception exception)
    {
        LogMessages.LedgerFailed(logger, exception);
        queue.Writer.TryComplete(exception);
        group.ForEach(pending => pending.Fail(exception));
        while (queue.Reader.TryRead(out var pending))
        {
            pending.Fail(exception);
        }

        lifetime.StopApplication();
    }
}
