using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Registry.Leases;

namespace LaboratoryBench.Replicas;

/// <summary>Three registries that decide by majority.</summary>
internal sealed class RegistryGroup : ReplicaProcesses
{
    private readonly (string Name, string Value)[] settings;

    private RegistryGroup((string Name, string Value)[] settings, NetworkNamespace? elsewhere = null)
        : base(typeof(ServiceTable).Assembly.Location, Far + 1, elsewhere) => this.settings = settings;

    protected override IEnumerable<(string Name, string Value)> Settings => settings;

    /// <summary>Starts three, and waits for a leader.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="settings">Environment of all.</param>
    internal static Task<RegistryGroup> Start(CancellationToken ct, params (string Name, string Value)[] settings) =>
        Begin(new(settings), ct);

    /// <summary>Starts two here and one on another machine.</summary>
    internal static Task<RegistryGroup> StartAcross(NetworkNamespace elsewhere, CancellationToken ct) =>
        Begin(new([], elsewhere), ct);

    /// <summary>Registers a server with one of them.</summary>
    internal Task<HttpResponseMessage> Register(int replica, string instance, int port, CancellationToken ct) =>
        Http.PutAsJsonAsync(
            $"{Addresses[replica]}/services/shop-api/{instance}",
            new { address = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}"), ttlSeconds = 60 },
            ct
        );

    /// <summary>Takes a server out at one of them.</summary>
    internal Task<HttpResponseMessage> Leave(int replica, string instance, CancellationToken ct) =>
        Http.DeleteAsync(new Uri($"{Addresses[replica]}/services/shop-api/{instance}"), ct);

    /// <summary>How a replica shows an instance of the shop; null where it does not.</summary>
    internal async Task<JsonElement?> Find(int replica, string instance, CancellationToken ct)
    {
        using var answer = await Http.GetAsync(new Uri($"{Addresses[replica]}/services/shop-api"), ct);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            return null;
        }

        var service = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return service
            .GetProperty("instances")
            .EnumerateArray()
            .Where(one => one.GetProperty("instance").ValueEquals(instance))
            .Select(one => (JsonElement?)one)
            .FirstOrDefault();
    }

    private static Task<RegistryGroup> Begin(RegistryGroup group, CancellationToken ct) =>
        group.OnceReady(() => group.RunAll(ct));
}
