using System.Collections.Immutable;
using Registry.Conductor.StateMachine;

namespace Registry.Replicas;

/// <summary>A server that registered and has not left.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Instance">The instance's name.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="Ttl">How long one heartbeat is good for.</param>
internal sealed record LeasedInstance(string Service, string Instance, string Address, TimeSpan Ttl)
{
    /// <summary>By what it is found; a name has no slash.</summary>
    internal string Key => KeyOf(Service, Instance);

    /// <inheritdoc cref="Key"/>
    internal static string KeyOf(string service, string instance) => $"{service}/{instance}";
}

/// <summary>One entry of the registries' log. Without a member it says that another one leads.</summary>
/// <param name="Registered">A server that is new, or moved.</param>
/// <param name="Left">Key of one that left, or is forgotten.</param>
/// <param name="Conductor">What the conductor decided.</param>
internal sealed record RegistryEntry(
    LeasedInstance? Registered = null,
    string? Left = null,
    PersistedState? Conductor = null
);

/// <summary>What all registries of a group know. Heartbeats and probes are the leader's own.</summary>
/// <param name="Leases">Servers by their keys.</param>
/// <param name="Conductor">What the conductor decided last; null before the first decision.</param>
internal sealed record RegistryState(
    ImmutableSortedDictionary<string, LeasedInstance> Leases,
    PersistedState? Conductor = null
)
{
    internal static RegistryState Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, LeasedInstance>(StringComparer.Ordinal));

    /// <summary>What it is after an entry.</summary>
    internal RegistryState Apply(RegistryEntry entry)
    {
        var leases = entry.Registered is { } registered ? Leases.SetItem(registered.Key, registered) : Leases;
        return new(entry.Left is { } left ? leases.Remove(left) : leases, entry.Conductor ?? Conductor);
    }
}
