using Shop.Web.Api;
using Shop.Web.Storefront;

namespace Shop.Web.Redundancy;

/// <summary>Asks the registry who is there, the conductor what it decided, and the shop what was lost.</summary>
public sealed class RegistryClient
{
    private readonly ServiceCaller _registry;
    private readonly ServiceCaller _shop;

    /// <summary>Makes the client of one look.</summary>
    public RegistryClient(IHttpClientFactory clients, Trail trail, TimeProvider time, ILogger<RegistryClient> logger)
    {
        _registry = new(clients.CreateClient(RedundancyDefaults.Registry), trail, time, logger);
        _shop = new(clients.CreateClient(StorefrontDefaults.ShopApi), trail, time, logger);
    }

    /// <summary>The instances of a service.</summary>
    public Task<Answer<RegisteredService>> Service(string name, CancellationToken ct) =>
        _registry.Get<RegisteredService>($"services/{name}", ct);

    /// <summary>What the conductor knows.</summary>
    public Task<Answer<ConductorView>> Conductor(CancellationToken ct) => _registry.Get<ConductorView>("conductor", ct);

    /// <summary>What the shop says of its storage.</summary>
    public Task<Answer<StorageView>> Storage(CancellationToken ct) => _shop.Get<StorageView>("storage", ct);

    /// <summary>Holds the replica back on purpose, in asynchronous mode.</summary>
    /// <param name="milliseconds">0 to 60000.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<object>> Delay(int milliseconds, CancellationToken ct) =>
        _registry.Post<object>("conductor/lag", new { milliseconds }, idempotencyKey: null, ct);
}
