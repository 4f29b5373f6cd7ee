using Shop.Web.Api;
using Shop.Web.Redundancy.Wires;
using Shop.Web.Storefront;

namespace Shop.Web.Redundancy;

/// <summary>Asks the registry who is there, the conductor what it decided, and the shop what was lost.</summary>
public sealed class RegistryClient
{
    private readonly ServiceCaller registry;
    private readonly ServiceCaller shop;

    /// <summary>Makes the client of one look.</summary>
    public RegistryClient(IHttpClientFactory clients, Trail trail, TimeProvider time, ILogger<RegistryClient> logger)
    {
        registry = new(clients.CreateClient(RedundancyDefaults.Registry), trail, time, logger);
        shop = new(clients.CreateClient(StorefrontDefaults.ShopApi), trail, time, logger);
    }

    /// <summary>The instances of a service.</summary>
    public Task<Answer<RegisteredService>> Service(string name, CancellationToken ct) =>
        registry.Get<RegisteredService>($"services/{name}", ct);

    /// <summary>What the conductor knows.</summary>
    public Task<Answer<ConductorView>> Conductor(CancellationToken ct) => registry.Get<ConductorView>("conductor", ct);

    /// <summary>What the shop says of its storage.</summary>
    public Task<Answer<StorageView>> Storage(CancellationToken ct) => shop.Get<StorageView>("storage", ct);

    /// <summary>Has the conductor change the storage mode; the way there is in its view.</summary>
    /// <param name="mode"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<object>> ChangeMode(string mode, CancellationToken ct) =>
        registry.Send<object>(HttpMethod.Put, "conductor/mode", new { mode }, prepare: null, ct);

    /// <summary>Has a proxy stand in one of the conductor's wires, and behave.</summary>
    /// <param name="name">A database server's name, or <c>replication</c>.</param>
    /// <param name="request">How.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<object>> PutWire(string name, WireRequest request, CancellationToken ct) =>
        registry.Send<object>(HttpMethod.Put, $"conductor/wires/{name}", request, prepare: null, ct);

    /// <summary>Takes the proxy out of one of the conductor's wires.</summary>
    /// <param name="name">A database server's name, or <c>replication</c>.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<object>> TakeOutWire(string name, CancellationToken ct) =>
        registry.Send<object>(HttpMethod.Delete, $"conductor/wires/{name}", body: null, prepare: null, ct);

    /// <summary>Longest that the registry holds the replica back, in milliseconds.</summary>
    public const int LongestDelay = 60_000;

    /// <summary>Holds the replica back on purpose, in asynchronous mode.</summary>
    /// <param name="milliseconds">0 to <see cref="LongestDelay"/>.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<object>> Delay(int milliseconds, CancellationToken ct) =>
        registry.Post<object>("conductor/lag", new { milliseconds }, idempotencyKey: null, ct);
}
