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

    /// <summary>Whether another write would be one too many.</summary>
    public bool IsFull => Count >= Max;

    /// <summary>Counts <paramref name="commit"/> until it ends, or what it was sent to is the primary no more.</summary>
    /// <param name="commit">A write whose commit was sent.</param>
    /// <param name="moved">Ends when the primary becomes another one.</param>
    public void Add(Task commit, Task moved)
    {
        LogMessages.CommitAbandoned(logger, Interlocked.Increment(ref count), Max);
        background.Once("the end of an abandoned commit", () => CountOut(commit, moved));
    }

    private async Task CountOut(Task commit, Task moved)
    {
        await Task.WhenAny(commit, moved);
        var left = Interlocked.Decrement(ref count);
        LogMessages.AbandonedCommitEnded(logger, commit.IsCompletedSuccessfully ? "stored" : "unknown", left);
    }
}
