using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Microsoft.Extensions.DependencyInjection;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.Replicas;

/// <summary>An entry that this replica proposed, on its way through the log.</summary>
/// <param name="entry">As it stands in the log.</param>
internal class Proposal(byte[] entry)
{
    private readonly TaskCompletionSource<bool> settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal byte[] Entry => entry;

    /// <summary>Ends when the log has come to it: whether it counts.</summary>
    internal Task<bool> Settled => settled.Task;

    internal void Settle(bool isFinal) => settled.TrySetResult(isFinal);

    /// <summary>
    /// The proposal of this replica that an entry is; null where there is none. The library keeps what was attached to a place of
    /// the log, also when another leader's entry took that place: then the proposal is not final.
    /// </summary>
    /// <param name="attached">What is attached to the entry's place.</param>
    /// <param name="bytes">The entry.</param>
    internal static Proposal? Of(object? attached, ReadOnlySpan<byte> bytes)
    {
        if (attached is not Proposal proposal || bytes.SequenceEqual(proposal.Entry))
        {
            return attached as Proposal;
        }

        proposal.Settle(isFinal: false);
        return null;
    }
}

/// <summary>
/// What this replica proposes while it leads. An entry is final once a majority of replicas holds it and it is applied here.
/// </summary>
internal sealed class MajorityLog(IServiceProvider services, ServiceEnding ending, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private volatile Leadership? leadership;

    /// <summary>Whether this replica leads and takes writes of callers.</summary>
    internal bool IsOpen => leadership is { IsOpen: true, Token.IsCancellationRequested: false };

    /// <summary>
    /// Whether no other replica can lead yet: a majority heard of this one less than an election's shortest wait ago, by a clock
    /// that may run slower than theirs by <see cref="ReplicaOptions.ClockDriftBound"/>. Always false without a lease.
    /// </summary>
    internal bool HoldsLease => IsOpen && Cluster.TryGetLeaseToken(out var lease) && !lease.IsCancellationRequested;

    /// <summary>Number of the election that made this replica the leader; 0 while it does not lead.</summary>
    internal long Term => leadership?.Term ?? 0;

    private IRaftCluster Cluster => services.GetRequiredService<IRaftCluster>();

    /// <summary>Begins to lead; callers' writes wait until it is open.</summary>
    /// <param name="term">In which this replica was elected.</param>
    /// <param name="ct">Ends with the leadership.</param>
    internal void Begin(long term, CancellationToken ct) => leadership = new(term, ct);

    /// <summary>Takes writes of callers from now on.</summary>
    internal void Open() => leadership?.Open();

    /// <summary>Takes no writes any more.</summary>
    internal void Close() => leadership = null;

    /// <summary>
    /// Waits until the last proposal's fate is known: what got no answer in time may get its majority yet, and what follows would
    /// not know what it follows.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">This replica does not lead, or no majority answers.</exception>
    internal async Task WaitForDoubt()
    {
        var current = Leading();
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

    /// <summary>Makes an entry final.</summary>
    /// <exception cref="ServiceUnavailableException">
    /// It is not, or not known to be; the words say which.
    /// </exception>
    internal async Task Propose(Proposal proposal)
    {
        var current = Leading();
        using var patience = new CancellationTokenSource(ReplicaOptions.CommitTimeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(current.Token, patience.Token);
        current.Doubt = proposal;
        try
        {
            // The library's own would take the term of now. A leader that hung knows the next leader's a moment before it
            // knows that it leads no more, and its entry would pass for the next leader's.
            await Cluster.ReplicateAsync<BinaryLogEntry>(
                new()
                {
                    Content = proposal.Entry,
                    Term = current.Term,
                    Context = proposal,
                },
                limited.Token
            );
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

    private Leadership Leading() =>
        leadership is { Token.IsCancellationRequested: false } current ? current : throw NotLeading();

    private static ServiceUnavailableException NotLeading() =>
        new("No majority of the replicas answers: what is there can be read, and nothing written. Ask again later.")
        {
            RetryAfter = RetryAfter,
        };

    /// <summary>The time in which this replica leads without a break.</summary>
    private sealed class Leadership(long term, CancellationToken token)
    {
        private volatile bool isOpen;

        internal long Term => term;

        internal bool IsOpen => isOpen;

        internal CancellationToken Token => token;

        /// <summary>The last proposal.</summary>
        internal Proposal? Doubt { get; set; }

        internal void Open() => isOpen = true;
    }
}
