using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>One watch per service that somebody here talks to; they live as long as the application.</summary>
public sealed class ServiceWatches : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ServiceWatch>> watches = new(StringComparer.Ordinal);
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly HttpClient? http;
    private readonly bool areSeveral;

    /// <summary>Reads where the registry is.</summary>
    public ServiceWatches(IConfiguration configuration, TimeProvider time, ILogger<ServiceWatches> logger)
    {
        (this.time, this.logger) = (time, logger);
        var addresses = RegistryAddress.Read(configuration);
        areSeveral = addresses.Count > 1;
        http =
            addresses.Count > 0
                ? RegistryAddress.NewClient(configuration, addresses, ServiceWatch.PollTimeout(addresses.Count))
                : null;
    }

    /// <summary>Whether there is a registry to ask.</summary>
    public bool IsAvailable => http is not null;

    /// <summary>The watch of <paramref name="service"/>; the first call starts it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The host wired no registry (<c>services__registry__http__0</c>).
    /// </exception>
    public ServiceWatch Watch(string service) =>
        http is { } client
            ? watches.GetOrAdd(service, name => new(() => new(name, client, time, logger, areSeveral))).Value
            : throw new InvalidOperationException("No registry: services__registry__http__0 is not set.");

    /// <summary>Ends all watches.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var watch in watches.Values)
        {
            await watch.Value.DisposeAsync();
        }

        http?.Dispose();
    }
}
