using Shop.Web.Api;
using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Asks the registry once, as a client does that keeps an address for good.</summary>
/// <param name="registry">The registry.</param>
public sealed class NaiveServer(RegistryClient registry)
{
    /// <summary>The server that naive buyers ask, whatever becomes of it: the first live one by name.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null where the registry names none.</returns>
    public async Task<RegisteredInstance?> Find(CancellationToken ct) =>
        (await registry.Service(StorefrontDefaults.ShopApi, ct))
            .Value?.Instances.Where(instance =>
                instance.State is "live" && Uri.TryCreate(UrlOf(instance.Address), UriKind.Absolute, out _)
            )
            .OrderBy(instance => instance.Instance, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>The registry says host and port.</summary>
    internal static string UrlOf(string address) => $"http://{address}/";
}

/// <summary>Buys one piece as before the fix: from one fixed server, once, without a key.</summary>
/// <param name="clients">Makes a client without discovery and retries.</param>
/// <param name="trail">Notes who answered; the buyer's own.</param>
/// <param name="time">Measures.</param>
/// <param name="logger">Hears of calls without an answer.</param>
public sealed class NaiveBuyer(IHttpClientFactory clients, Trail trail, TimeProvider time, ILogger<NaiveBuyer> logger)
{
    internal const string Client = "naive-buyer";

    /// <summary>A buyer gives up after that.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Buys.</summary>
    /// <param name="server">Host and port.</param>
    /// <param name="user">Who.</param>
    /// <param name="product">What.</param>
    /// <param name="start">Timestamp of the run's start.</param>
    /// <returns>The line for the journal.</returns>
    public async Task<Purchase> Buy(string server, string user, Guid product, long start)
    {
        using var trace = RunTracing.Start("purchase of a naive buyer");
        using var http = clients.CreateClient(Client);
        http.BaseAddress = new(NaiveServer.UrlOf(server));
        var began = time.GetTimestamp();
        var answer = await new ServiceCaller(http, trail, time, logger).Post<Order>(
            "orders",
            new NewOrder(user, [new(product, Quantity: 1)]),
            idempotencyKey: null,
            CancellationToken.None
        );
        return new(
            Key: "",
            user,
            time.GetElapsedTime(start, began).TotalMilliseconds,
            time.GetElapsedTime(began).TotalMilliseconds,
            answer.Value is not null ? Outcome.Acknowledged
                : answer.Problem is { IsTransient: false } ? Outcome.Refused
                : Outcome.Unknown,
            answer.Value?.Id,
            answer.Value is null ? answer.Problem?.Sentence ?? "The shop sent no order back." : null,
            Retried: false,
            trail.LastServer,
            trace is null ? null : Trail.TraceId,
            Naive: true
        );
    }
}
