using System.Globalization;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Api.Storage.Pair;

/// <summary>Who is who in the database pair, as the conductor publishes it.</summary>
/// <param name="Term">Rises by one with every failover; 0 before the first answer.</param>
/// <param name="Servers">The servers by name.</param>
/// <param name="Mode">The storage mode in force; null where it is not told.</param>
/// <param name="Next">The mode that the servers are led to, mostly the same; null where it is not told.</param>
public sealed record PairRoles(
    long Term,
    IReadOnlyList<PairServer> Servers,
    StorageMode? Mode = null,
    StorageMode? Next = null
)
{
    /// <summary>The service under which the conductor publishes the pair.</summary>
    public const string Service = "shop-db";

    /// <summary>Nothing is known yet.</summary>
    public static PairRoles Unknown { get; } = new(0, []);

    /// <summary>The server that takes writes; null while there is none.</summary>
    public PairServer? Primary => Servers.FirstOrDefault(server => server.Role is "primary");

    /// <summary>The server that follows the primary; null while there is none.</summary>
    public PairServer? Standby => Servers.FirstOrDefault(server => server.Role is "standby");

    /// <summary>
    /// Reads the registry's answer. Members that are missing or malformed read as no role and term 0.
    /// </summary>
    /// <param name="snapshot">The registry's answer.</param>
    /// <returns>The roles.</returns>
    public static PairRoles Read(ServiceSnapshot snapshot)
    {
        var servers = snapshot
            .Instances.Select(instance => new PairServer(
                instance.Instance,
                instance.Address,
                instance.Metadata?.GetValueOrDefault("role") ?? "none"
            ))
            .ToArray();
        var term = snapshot.Instances.Select(ReadTerm).DefaultIfEmpty(0).Max();
        return new(term, servers, ReadMode(snapshot, "mode"), ReadMode(snapshot, "next"));
    }

    /// <summary>Whether connections made under <paramref name="earlier"/> may lead to the wrong server now.</summary>
    /// <param name="earlier">The roles before.</param>
    /// <returns>True when the term or the primary is another.</returns>
    public bool Moved(PairRoles earlier) => Term != earlier.Term || !Equals(Primary, earlier.Primary);

    private static StorageMode? ReadMode(ServiceSnapshot snapshot, string member) =>
        snapshot
            .Instances.Select(instance => instance.Metadata?.GetValueOrDefault(member))
            .OfType<string>()
            .FirstOrDefault() switch
        {
            "basic" => StorageMode.Basic,
            "synchronous" => StorageMode.Synchronous,
            "asynchronous" => StorageMode.Asynchronous,
            _ => null,
        };

    private static long ReadTerm(ServiceInstance instance) =>
        long.TryParse(
            instance.Metadata?.GetValueOrDefault("term"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var term
        )
            ? term
            : 0;
}

/// <summary>One server of the pair.</summary>
/// <param name="Name">Its resource name, for example <c>postgres-1</c>.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="Role"><c>primary</c>, <c>standby</c> or <c>none</c>.</param>
public sealed record PairServer(string Name, string Address, string Role);
