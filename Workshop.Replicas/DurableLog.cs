using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Workshop.ServiceDefaults.Files;

namespace Workshop.Replicas;

/// <summary>
/// The library's write-ahead log, with three promises more. What a follower says it has is on its disk: the library's own
/// answers first and flushes behind, so that a crash of all replicas at once could lose what a caller was told of. A
/// snapshot may come twice. And one that was empty is blank until it takes part, however often it is opened meanwhile.
/// </summary>
internal sealed class DurableLog : WriteAheadLog, IPersistentState, IAuditTrail<IRaftLogEntry>
{
    /// <summary>A thousand small blocks of a ledger, or the largest one.</summary>
    private const int ChunkBytes = 4 * 1024 * 1024;

    /// <summary>Says that the log was empty, and has not yet what the others have.</summary>
    private const string BlankFile = "blank";

    private readonly string blank;

    /// <summary>Place of the snapshot that another replica sent last; -1 where none did.</summary>
    private long installed = -1;

    internal DurableLog(string directory, IStateMachine state)
        : base(
            new()
            {
                Location = directory,
                ChunkSize = ChunkBytes,
                HashAlgorithm = IntegrityHashAlgorithm.Crc32,
            },
            state
        )
    {
        blank = Path.Combine(directory, BlankFile);
        IsBlank = File.Exists(blank) || (LastEntryIndex == 0 && ((IPersistentState)this).Term == 0);
        if (IsBlank)
        {
            DurableFile.Replace(blank, []);
        }
    }

    /// <summary>Whether it was empty, and has not taken part since: a replica that is new, or lost its disk.</summary>
    internal bool IsBlank { get; }

    /// <summary>It has what the others have, or nobody has anything.</summary>
    internal void TakesPart() => File.Delete(blank);

    /// <summary>
    /// The library refuses a snapshot that is here, and a leader that lost the first answer sends it for ever. So it does not
    /// count until an entry has followed it.
    /// </summary>
    long IAuditTrail.LastCommittedEntryIndex =>
        LastCommittedEntryIndex is var committed && committed == Volatile.Read(ref installed)
            ? committed - 1
            : committed;

    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(
        TEntry entry,
        long startIndex,
        CancellationToken token
    )
    {
        if (entry.IsSnapshot && startIndex <= LastCommittedEntryIndex)
        {
            return;
        }

        await AppendAsync(entry, startIndex, token);
        if (entry.IsSnapshot)
        {
            Volatile.Write(ref installed, startIndex);
        }
    }

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

    /// <summary>
    /// Term of the last entry that was applied, also of one that says nothing, as each leader's first does. Later leaders'
    /// are applied after this one's leadership has ended.
    /// </summary>
    internal ValueTask<long> AppliedTerm(CancellationToken ct)
    {
        var index = LastAppliedIndex;
        return ReadAsync(new TermReader(), index, index, ct);
    }

    private sealed class TermReader : ILogEntryConsumer<IRaftLogEntry, long>
    {
        bool ILogEntryConsumer<IRaftLogEntry, long>.LogEntryMetadataOnly => true;

        ValueTask<long> ILogEntryConsumer<IRaftLogEntry, long>.ReadAsync<TEntry, TList>(
            TList entries,
            long? snapshotIndex,
            CancellationToken token
        ) => ValueTask.FromResult(entries[0].Term);
    }
}
