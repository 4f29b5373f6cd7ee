using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Workshop.Replicas;

/// <summary>
/// The library's write-ahead log, with one promise more: what a follower says it has is on its disk. The library's own answers
/// first and flushes behind, so that a crash of all replicas at once could lose what a caller was told of.
/// </summary>
internal sealed class DurableLog : WriteAheadLog, IPersistentState, IAuditTrail<IRaftLogEntry>
{
    /// <summary>A thousand small blocks of a ledger, or the largest one.</summary>
    private const int ChunkBytes = 4 * 1024 * 1024;

    private readonly Applied applied;

    internal DurableLog(string directory, IStateMachine state)
        : this(directory, new Applied(state)) { }

    private DurableLog(string directory, Applied applied)
        : base(
            new()
            {
                Location = directory,
                ChunkSize = ChunkBytes,
                HashAlgorithm = IntegrityHashAlgorithm.Crc32,
            },
            applied
        )
    {
        this.applied = applied;
        IsBlank = LastEntryIndex == 0 && ((IPersistentState)this).Term == 0;
    }

    /// <summary>
    /// Term of the last entry that was applied. Later leaders' are applied after this one's leadership has ended.
    /// </summary>
    internal long AppliedTerm => applied.Term;

    /// <summary>Whether it was empty when it was opened: a replica that is new, or lost its disk.</summary>
    internal bool IsBlank { get; }

    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(
        ILogEntryProducer<TEntry> entries,
        long startIndex,
        bool skipCommitted,
        CancellationToken token
    )
    {
        var isHeartbeat = entries.RemainingCount == 0;
        await AppendAsync(entries, startIndex, skipCommitted, token);
        if (!isHeartbeat)
        {
            await FlushAsync(token);
        }
    }

    /// <summary>The service's state, and the term in which it changed last.</summary>
    private sealed class Applied(IStateMachine state) : IStateMachine
    {
        private long term;

        internal long Term => Volatile.Read(ref term);

        public ISnapshot? Snapshot => state.Snapshot;

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) =>
            state.ReclaimGarbageAsync(watermark, token);

        public async ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
        {
            var entryTerm = entry.Term;
            var applied = await state.ApplyAsync(entry, token);
            Volatile.Write(ref term, entryTerm);
            return applied;
        }
    }
}
