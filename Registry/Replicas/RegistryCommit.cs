using System.Text.Json;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Workshop.Replicas;

namespace Registry.Replicas;

/// <summary>Where a decision of the registry becomes final: on one disk, or with a majority.</summary>
internal interface IRegistryCommit
{
    /// <summary>Whether no other registry can act on the databases now.</summary>
    bool MayAct { get; }

    /// <summary>What the conductor decided last.</summary>
    /// <exception cref="JsonException">The file is not one of ours.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    PersistedState Read();

    /// <summary>Returns when the entry outlives this process.</summary>
    /// <exception cref="IOException">The disk refuses; nothing was stored.</exception>
    /// <exception cref="Workshop.ServiceDefaults.Errors.ServiceUnavailableException">
    /// No majority; its words say whether something may have been stored.
    /// </exception>
    ValueTask Commit(RegistryEntry entry);
}

/// <summary>One registry alone: servers come back by themselves, and what the conductor decides is on its disk.</summary>
internal sealed class FileCommit(PersistedStateFile file) : IRegistryCommit
{
    public bool MayAct => true;

    public PersistedState Read() => file.Read();

    public ValueTask Commit(RegistryEntry entry)
    {
        if (entry.Conductor is { } decided)
        {
            file.Write(decided);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Several registries: what a majority holds is known to whichever leads next.</summary>
internal sealed class MajorityCommit(MajorityLog log, ReplicatedRegistry state) : IRegistryCommit
{
    public bool MayAct => log.HoldsLease;

    public PersistedState Read() => state.Now.Conductor ?? PersistedState.None;

    public async ValueTask Commit(RegistryEntry entry) =>
        await log.Propose(new(JsonSerializer.SerializeToUtf8Bytes(entry)));
}
