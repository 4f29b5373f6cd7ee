using Consensus.Ledger;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Replicas;

/// <summary>Blocks that this replica proposed, on their way through the log.</summary>
/// <param name="draft">What follows the ledger with them.</param>
internal sealed class Proposal(Draft draft)
{
    private readonly TaskCompletionSource<bool> settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Draft Draft => draft;

    /// <summary>Ends when the log has come to it: whether it is the ledger's now.</summary>
    internal Task<bool> Settled => settled.Task;

    internal void Settle(bool isFinal) => settled.TrySetResult(isFinal);
}

/// <summary>
/// Blocks are final once a majority of replicas holds them and the leader has them in its file. Proposals go one at a time:
/// while one is in doubt, the next could not know what it follows.
/// </summary>
internal sealed class MajorityCommit(
    IServiceProvider services,
    LedgerChain chain,
    LedgerEnding ending,
    TimeProvider time
) : IBlockCommit
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private volatile Reign? reign;

    private volatile bool isOpen;

    public bool IsOpen => isOpen && reign is { Token.IsCancellationRequested: false };

    private IRaftCluster Cluster => services.GetRequiredService<IRaftCluster>();

    public async ValueTask Commit(IReadOnlyList<Pending> group)
    {
        if (reign is not { Token.IsCancellationRequested: false } current)
        {
            throw NotLeading();
        }

        await WaitForDoubt(current);
        Draft draft;
        lock (chain.Gate)
        {
            draft = chain.Fold(group);
        }

        if (draft.Blocks.Count > 0)
        {
            await Propose(current, LogEntryText.Of(draft), new(draft));
        }
    }

    /// <summary>Begins to lead, and says to all replicas how far the ledger is and which key they have.</summary>
    /// <param name="key">In hexadecimal.</param>
    /// <param name="ct">Ends with the leadership.</param>
    internal async Task Begin(string key, CancellationToken ct)
    {
        var current = new Reign(ct);
        reign = current;
        var now = chain.Now;
        var mark = new LedgerMark(now.Count, now.Head?.Hash ?? "", key);
        await Propose(current, LogEntryText.Of(mark), new(new([], now.State, now.Head)));
    }

    /// <summary>Takes writes of callers from now on.</summary>
    internal void Open() => isOpen = true;

    /// <summary>Takes no writes any more.</summary>
    internal void Close()
    {
        isOpen = false;
        reign = null;
    }

    private async Task Propose(Reign current, byte[] entry, Proposal proposal)
    {
        using var patience = new CancellationTokenSource(ReplicaOptions.CommitTimeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(current.Token, patience.Token);
        current.Doubt = proposal;
        try
        {
            await Cluster.ReplicateAsync(entry, proposal, limited.Token);
            if (await proposal.Settled.WaitAsync(limited.Token))
            {
                return;
            }
        }
        catch (Exception lost)
            when (lost is LeaderOperationException or OperationCanceledException or IOException or IntegrityException)
        {
            if (lost is IntegrityException)
            {
                // The library does not mend a log that failed. The others go on.
                ending.End($"The replica's log cannot be kept: {lost.InnerException?.Message ?? lost.Message}");
            }

            throw new ServiceUnavailableException(
                "No majority of the replicas answered in time. Whether this was stored is not known: ask again with the same key.",
                lost
            )
            {
                RetryAfter = RetryAfter,
            };
        }

        throw new ServiceUnavailableException("Another replica wrote before; nothing was stored. Ask again.")
        {
            RetryAfter = RetryAfter,
        };
    }

    /// <summary>What got no answer in time may get its majority yet.</summary>
    private async Task WaitForDoubt(Reign current)
    {
        if (current.Doubt is not { Settled.IsCompleted: false } doubt)
        {
            return;
        }

        try
        {
            await doubt.Settled.WaitAsync(ReplicaOptions.CommitTimeout, time, current.Token);
        }
        catch (Exception lost) when (lost is TimeoutException or OperationCanceledException)
        {
            throw NotLeading();
        }
    }

    private static ServiceUnavailableException NotLeading() =>
        new("No majority of the replicas answers: what is there can be read, and nothing written. Ask again later.")
        {
            RetryAfter = RetryAfter,
        };

    /// <summary>The time in which this replica leads without a break.</summary>
    private sealed class Reign(CancellationToken token)
    {
        internal CancellationToken Token => token;

        /// <summary>The last proposal.</summary>
        internal Proposal? Doubt { get; set; }
    }
}
