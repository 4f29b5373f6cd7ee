using System.Threading.Channels;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Ledger;

/// <summary>
/// The one thread that writes. Callers queue; while one group is being flushed the next gathers, so that under load
/// many blocks share a flush, and alone a block waits for none.
/// </summary>
internal sealed class LedgerWriter(
    LedgerChain chain,
    IBlockCommit commits,
    ILogger<LedgerWriter> logger,
    IHostApplicationLifetime lifetime
) : BackgroundService
{
    /// <summary>Callers that may wait; more wait for a place in the queue.</summary>
    private const int QueueLength = 1024;

    /// <summary>Most blocks that share a flush.</summary>
    private const int LargestGroup = 256;

    /// <summary>When a caller may try again after the disk refused.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Blocks between snapshots.</summary>
    private const long BlocksPerSnapshot = 1000;

    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true }
    );

    /// <summary>What is on disk now.</summary>
    internal View Now => chain.Now;

    /// <summary>What the blocks on disk say of each member.</summary>
    internal LedgerIndex Index => chain.File.Index;

    /// <summary>Whether this process writes now: always, unless it is a replica that does not lead.</summary>
    internal bool IsOpen => commits.IsOpen;

    /// <summary>Appends an entry.</summary>
    /// <param name="make">Makes it from the state that it will follow.</param>
    /// <param name="ct">Gives up waiting; the entry may be written all the same.</param>
    /// <returns>Applied once it is on disk, or refused.</returns>
    /// <exception cref="ServiceUnavailableException">
    /// The disk is full or cannot be written now, or the service stops; nothing was stored. With replicas also without a
    /// majority, when something may have been.
    /// </exception>
    /// <exception cref="InvalidOperationException">A defect of ours, and the service stops.</exception>
    internal async Task<Outcome> Append(Func<State, Entry> make, CancellationToken ct)
    {
        var pending = new Pending(make);
        try
        {
            await queue.Writer.WriteAsync(pending, ct);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is null)
        {
            throw Stopping();
        }

        return await pending.Done.WaitAsync(ct);
    }

    private static ServiceUnavailableException Stopping() =>
        new("The consensus is stopping; nothing was stored. Ask again later.") { RetryAfter = RetryAfter };

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

            if (!await Write(group))
            {
                return;
            }

            if (chain.Now.Count >= saved + BlocksPerSnapshot)
            {
                Save();
                saved = chain.Now.Count;
            }
        }

        Save();
    }

    /// <summary>
    /// What was queued is written. A host that stops while it starts may end the loop before it began; nobody waits for an
    /// answer then that does not come.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        while (ExecuteTask is not { IsCompleted: false } && queue.Reader.TryRead(out var pending))
        {
            pending.Fail(Stopping());
        }
    }

    /// <summary>
    /// A disk that is full or cannot be written refuses a group, and the service goes on: what was flushed before stands, and
    /// the next group is tried on top of it.
    /// </summary>
    /// <returns>False after a defect of ours: the service stops.</returns>
    private async ValueTask<bool> Write(List<Pending> group)
    {
        try
        {
            await commits.Commit(group);
        }
        catch (ServiceUnavailableException refusal)
        {
            group.ForEach(pending => pending.Fail(refusal));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogMessages.LedgerNotWritten(logger, exception.Message);
            var refusal = new ServiceUnavailableException(
                "The ledger cannot be written now; ask again later.",
                exception
            )
            {
                RetryAfter = RetryAfter,
            };
            group.ForEach(pending => pending.Fail(refusal));
            return true;
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

    /// <summary>A snapshot is for a fast start alone: without it the next one takes longer.</summary>
    private void Save()
    {
        try
        {
            chain.Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogMessages.SnapshotNotWritten(logger, exception.Message);
        }
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
