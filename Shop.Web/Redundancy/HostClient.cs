using Shop.Web.Api;

namespace Shop.Web.Redundancy;

/// <summary>The host that started everything: it can also end it. Absent on other hosts.</summary>
public sealed class HostClient
{
    private readonly ServiceCaller? host;

    /// <summary>Makes the client of one request.</summary>
    public HostClient(IHttpClientFactory clients, Trail trail, TimeProvider time, ILogger<HostClient> logger)
    {
        var http = clients.CreateClient(RedundancyDefaults.Host);
        host = http.BaseAddress is null ? null : new(http, trail, time, logger);
    }

    /// <summary>Whether there is one.</summary>
    public bool IsThere => host is not null;

    /// <summary>All resources.</summary>
    public Task<Answer<HostResource[]>> Resources(CancellationToken ct) =>
        host?.Get<HostResource[]>("resources", ct) ?? NoHost<HostResource[]>();

    /// <summary>Runs a command, such as <c>kill</c>, on a resource.</summary>
    /// <param name="resource">Its name.</param>
    /// <param name="command">One of its commands.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<HostResource>> Command(string resource, string command, CancellationToken ct) =>
        host?.Post<HostResource>(
            $"resources/{Uri.EscapeDataString(resource)}/{Uri.EscapeDataString(command)}",
            body: null,
            idempotencyKey: null,
            ct
        )
        ?? NoHost<HostResource>();

    private static Task<Answer<T>> NoHost<T>()
        where T : class =>
        Task.FromResult(
            new Answer<T>
            {
                Problem = new(
                    StatusCodes.Status503ServiceUnavailable,
                    "Faults are made by the workshop's own host, and this storefront was started without one."
                ),
            }
        );
}
