using System.Globalization;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Json;

namespace Shop.Web.Redundancy.Replicas;

/// <summary>Asks the replicas of services that the host wired with more than one address.</summary>
/// <param name="configuration">Has the addresses (<c>services:NAME:http:0</c> and so on).</param>
/// <param name="clients">Makes the clients.</param>
public sealed class ReplicaGroups(IConfiguration configuration, IHttpClientFactory clients)
{
    internal const string Client = "replicas";

    /// <summary>Services that can run as several with one memory.</summary>
    private static readonly string[] Services = ["registry", "consensus"];

    private readonly ReplicaGroup[] wired =
    [
        .. Services
            .Select(service => new ReplicaGroup(service, Wired(configuration, service)))
            .Where(group => group.Replicas.Count > 1),
    ];

    /// <summary>How all groups stand; none where each service is one process.</summary>
    /// <param name="ct">Ends the wait: whoever has not answered by then has no answer.</param>
    public async Task<IReadOnlyList<ReplicaGroup>> Look(CancellationToken ct) =>
        await Task.WhenAll(wired.Select(async group => group with { Replicas = await Look(group.Replicas, ct) }));

    /// <summary>How some replicas stand.</summary>
    /// <param name="replicas">Which.</param>
    /// <param name="ct">See the other one.</param>
    public async Task<IReadOnlyList<Replica>> Look(IEnumerable<Replica> replicas, CancellationToken ct) =>
        await Task.WhenAll(replicas.Select(async replica => replica with { Seen = await Look(replica.Address, ct) }));

    private async Task<ReplicaLook?> Look(Uri address, CancellationToken ct)
    {
        using var http = clients.CreateClient(Client);
        return await http.TryGetJson<ReplicaLook>(new Uri(address, "replicas"), WireJson.Options, ct);
    }

    /// <summary>The first has the service's own name, the others <c>name-2</c> and so on, as the host has it.</summary>
    private static IReadOnlyList<Replica> Wired(IConfiguration configuration, string service) =>
        [
            .. (configuration.GetSection($"services:{service}:http").Get<string[]>() ?? []).Select(
                (text, index) =>
                    new Replica(
                        index == 0 ? service : string.Create(CultureInfo.InvariantCulture, $"{service}-{index + 1}"),
                        new(text),
                        Seen: null
                    )
            ),
        ];
}
