using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage;

/// <summary>
/// Commits that nobody waits for any more. They are left to end by themselves: with the standby's answer, or with their
/// server. Cancelling one would make its row visible on one server alone. Each holds a connection and the locks of its
/// rows, so there may be a bounded number of them; beyond that the server takes no writes.
/// </summary>
/// <param name="background">Waits for their end.</param>
/// <param name="logger">Where their end is told.</param>
public sealed class AbandonedCommits(Background background, ILogger<AbandonedCommits> logger)
{
    /// <summary>Most of them at a time: half of the connections for writes.</summary>
    public const int Max = ShopDataSources.MaxWriteConnections / 2;

    private int count;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Whether another write would be one too many.</summary>
    public bool IsFull => Count >= Max;

    /// <summary>Counts <paramref name="commit"/> until it ends.</summary>
    /// <param name="commit">A write whose commit was sent.</param>
    public void Add(Task commit)
    {
        LogMessages.CommitAbandoned(logger, Interlocked.Increment(ref count), Max);
        background.Once("the end of an abandoned commit", () => CountOut(commit));
    }

    private async Task CountOut(Task commit)
    {
        await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var left = Interlocked.Decrement(ref count);
        LogMessages.AbandonedCommitEnded(logger, commit.IsCompletedSuccessfully ? "stored" : "unknown", left);
    }
}
