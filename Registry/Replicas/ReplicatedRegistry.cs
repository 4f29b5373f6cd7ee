using System.Buffers;
using System.Text.Json;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Workshop.Replicas;

namespace Registry.Replicas;

/// <summary>
/// What the registries' log does to what they know, on every replica the same. The conductor's part is written into the file that
/// one registry alone would keep, for whoever reads it while no registry runs.
/// </summary>
internal sealed class ReplicatedRegistry(
    ReplicaOptions options,
    PersistedStateFile file,
    string directory,
    ILogger<ReplicatedRegistry> logger
) : IStateMachine
{
    private volatile JsonSnapshot<RegistryState>? mark = JsonSnapshot<RegistryState>.Load(directory);
    private volatile RegistryState? now;

    public ISnapshot? Snapshot => mark;

    /// <summary>What is known so far.</summary>
    internal RegistryState Now => now ?? mark?.Content ?? RegistryState.Empty;

    /// <summary>A snapshot takes the place of the one before.</summary>
    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;

    public async ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        if (entry.IsSnapshot)
        {
            var found = await JsonSnapshot<RegistryState>.Read(entry, token);
            now = found.Content;
            Keep(found);
            Write(now.Conductor);
            return entry.Index;
        }

        if (entry.TryGetPayload(out var payload) && !payload.IsEmpty)
        {
            var bytes = payload.IsSingleSegment ? payload.First : payload.ToArray();
            var said = JsonSerializer.Deserialize<RegistryEntry>(bytes.Span)!;
            now = Now.Apply(said);
            Write(said.Conductor);
            Proposal.Of(entry.Context, bytes.Span)?.Settle(isFinal: true);
        }

        if (entry.Index - (mark?.Index ?? 0) >= options.EntriesPerMark)
        {
            Keep(new(entry.Index, entry.Term, Now));
        }

        return entry.Index;
    }

    /// <summary>Without it the log stays longer, and the next start takes longer.</summary>
    private void Keep(JsonSnapshot<RegistryState> next) =>
        Try(() =>
        {
            next.Save(directory);
            mark = next;
        });

    /// <summary>The log has it; without the file, the host at its next start knows less of the pair.</summary>
    private void Write(PersistedState? decided)
    {
        if (decided is not null)
        {
            Try(() => file.Write(decided));
        }
    }

    private void Try(System.Action write)
    {
        try
        {
            write();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            LogMessages.NotWritten(logger, full.Message);
        }
    }
}
