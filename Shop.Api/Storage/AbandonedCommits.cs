using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage;

/// <summary>
/// Commits that nobody waits for any more. They are left to end by themselves: with the standby's answer, or with their
/// server. Cancelling one would make its row visible on one server alone. Each holds the turn of a write (see
/// <see cref="DatabaseTurns"/>) and the locks of its rows; when they hold all turns, the server takes no writes.
/// </summary>
/// <param name="background">Waits for their end.</param>
/// <param name="logger">Where their end is told.</param>
public sealed class AbandonedCommits(Background background, ILogger<AbandonedCommits> logger)
{
    /// <summary>Most of them at a time: each write may become one.</summary>
    public const int Max = ShopDataSources.MaxWrites;

    private int count;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Counts <paramref name="commit"/> until it ends, or its server is not used any more.</summary>
    /// <param name="commit">A write whose commit was sent.</param>
    /// <param name="replaced">Ends when its server is not used any more.</param>
    public void Add(Task commit, Task replaced)
    {
        LogMessages.CommitAbandoned(logger, Interlocked.Increment(ref count), Max);
        background.Once("the end of an abandoned commit", () => CountOut(commit, replaced));
    }

    private async Task CountOut(Task commit, Task replaced)
    {
        await Task.WhenAny(commit, replaced);
        var left = Interlocked.Decrement(ref count);
        LogMessages.AbandonedCommitEnded(logger, commit.IsCompletedSuccessfully ? "stored" : "unknown", left);
    }
}
