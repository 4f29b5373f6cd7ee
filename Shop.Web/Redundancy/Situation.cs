using System.Globalization;
using Shop.Web.Redundancy.Replicas;

namespace Shop.Web.Redundancy;

/// <summary>One part of the shop in the picture.</summary>
/// <param name="Name">The resource's name.</param>
/// <param name="Kind"><c>registry</c>, <c>server</c> or <c>database</c>.</param>
/// <param name="State"><c>up</c>, <c>doubtful</c>, <c>down</c> or <c>unknown</c>; the colour.</param>
/// <param name="Role">Of a database, <c>primary</c>, <c>standby</c> or <c>none</c>.</param>
/// <param name="Words">State and role for a person.</param>
/// <param name="Reason">Why no request goes there, where the registry says.</param>
public sealed record Part(string Name, string Kind, string State, string? Role, string Words, string? Reason = null);

/// <summary>What the laboratory shows at one moment.</summary>
/// <param name="Parts">Everything in the picture.</param>
/// <param name="Conductor">What the conductor says; null while the registry does not answer.</param>
/// <param name="LostOrders">Acknowledged orders that the last failover lost; null when nobody can tell.</param>
/// <param name="HasHost">Whether faults can be made from here.</param>
/// <param name="Remarks">What somebody ought to look at, in words.</param>
public sealed record Situation(
    IReadOnlyList<Part> Parts,
    ConductorView? Conductor,
    IReadOnlyList<Guid>? LostOrders,
    bool HasHost,
    IReadOnlyList<string>? Remarks = null
)
{
    /// <summary>Services that run as several processes with one memory; none where each is one.</summary>
    public IReadOnlyList<ReplicaGroup> Groups { get; init; } = [];

    /// <summary>
    /// Changes with what the page draws in whole sections: the last failover, the primary, the mode, and what is down. The
    /// page carries it beside each such section, and its script asks for them again once the stream says another one.
    /// </summary>
    public string Drawn =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Conductor?.LastFailover?.Term}/{Conductor?.Primary}/{Conductor?.Mode}/{Conductor?.Change?.Wanted}/{LostOrders?.Count}/"
        ) + string.Join(',', Parts.Where(part => part.State is "down").Select(part => part.Name));

    /// <summary>Puts together what the registry, the conductor and the host say. Pure.</summary>
    /// <param name="servers">The shop's servers; null while the registry does not answer.</param>
    /// <param name="databases">The database pair; null while the registry does not answer.</param>
    /// <param name="conductor">The conductor.</param>
    /// <param name="resources">The host's resources; null without a host.</param>
    /// <param name="storage">What the shop says of the last failover.</param>
    /// <returns>The picture.</returns>
    public static Situation Of(
        RegisteredService? servers,
        RegisteredService? databases,
        ConductorView? conductor,
        IReadOnlyList<HostResource>? resources,
        StorageView? storage
    )
    {
        // Where it runs as several, whichever answers is the registry.
        var registry = servers is not null ? "up" : Process(resources, "registry") ?? "down";
        List<Part> parts = [new("registry", "registry", registry, Role: null, registry)];
        foreach (var name in Names(resources, "shop-api", servers, ["shop-api-1", "shop-api-2"]))
        {
            var state = Combine(Process(resources, name), Lease(servers, name));
            parts.Add(new(name, "server", state, Role: null, state, Reason(state, servers, name)));
        }

        foreach (var name in Names(resources, "postgres", databases, ["postgres-1", "postgres-2"]))
        {
            var role =
                conductor is null ? RoleOf(databases, name)
                : Same(name, conductor.Primary) ? "primary"
                : Same(name, conductor.Standby) ? "standby"
                : RoleOf(databases, name) ?? "none";
            var hasRole = role is not (null or "none");
            var seen =
                hasRole ? "up"
                : databases is null ? "unknown"
                : "doubtful";
            var state = Combine(Process(resources, name), seen);
            parts.Add(
                new(name, "database", state, role, hasRole ? $"{role}, {state}" : state, Reason(state, databases, name))
            );
        }

        return new(parts, conductor, storage?.LastFailover?.Rpo?.LostOrders, resources is not null, storage?.Remarks);
    }

    /// <summary>Why no request goes there, where the registry says.</summary>
    private static string? Reason(string state, RegisteredService? service, string name) =>
        state is "up" ? null : service?.Instances.FirstOrDefault(instance => Same(instance.Instance, name))?.Reason;

    private static IEnumerable<string> Names(
        IReadOnlyList<HostResource>? resources,
        string prefix,
        RegisteredService? service,
        string[] usual
    )
    {
        var known = (resources ?? [])
            .Where(resource => resource.Name.StartsWith(prefix + "-", StringComparison.Ordinal))
            .Select(resource => resource.Name)
            .Union((service?.Instances ?? []).Select(instance => instance.Instance), StringComparer.Ordinal)
            .ToList();
        return known.Count > 0 ? known.Order(StringComparer.Ordinal) : usual;
    }

    /// <summary>What the host sees of a process, as a state of the picture; null where it does not know it.</summary>
    internal static string? Process(IReadOnlyList<HostResource>? resources, string name) =>
        resources?.FirstOrDefault(resource => Same(resource.Name, name))?.State switch
        {
            null => null,
            "Running" => "up",
            "Paused" => "paused",
            "Starting" or "Waiting" or "Stopping" => "doubtful",
            _ => "down",
        };

    private static string Lease(RegisteredService? service, string name) =>
        service?.Instances.FirstOrDefault(instance => Same(instance.Instance, name))?.State switch
        {
            "live" => "up",
            "suspect" or "draining" => "doubtful",
            null when service is null => "unknown",
            _ => "down",
        };

    /// <summary>
    /// What the host sees of the process counts before what others hear from it, except that a running one may be deaf.
    /// </summary>
    private static string Combine(string? process, string heard) => process is null or "up" ? heard : process;

    private static string? RoleOf(RegisteredService? databases, string name) =>
        databases?.Instances.FirstOrDefault(instance => Same(instance.Instance, name))?.Role;

    private static bool Same(string name, string? other) => string.Equals(name, other, StringComparison.Ordinal);
}
