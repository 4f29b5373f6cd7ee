using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Discovery;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>
/// A service that calls others: the service defaults, and a client of <c>http://shop-api</c> of each kind.
/// </summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public Client(string registryAddress, ReroutingOptions? options = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("services:registry:http:0", registryAddress)]);
        builder.Services.AddSingleton<IConfiguration>(builder.Configuration);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpClient("plain", http => http.BaseAddress = new("http://shop-api"));
        builder
            .Services.AddHttpClient("rerouting", http => http.BaseAddress = new("http://shop-api"))
            .AddRerouting(options);
        services = builder.Services.BuildServiceProvider();
        var factory = services.GetRequiredService<IHttpClientFactory>();
        Plain = factory.CreateClient("plain");
        Rerouting = factory.CreateClient("rerouting");
    }

    private int good;

    /// <summary>With the standard resilience handler.</summary>
    public HttpClient Plain { get; }

    /// <summary>With <c>AddRerouting</c>.</summary>
    public HttpClient Rerouting { get; }

    public ServiceWatches Watches => services.GetRequiredService<ServiceWatches>();

    /// <summary>Requests of the load that were answered with success so far.</summary>
    public int Good => Volatile.Read(ref good);

    /// <summary>Sends requests one after the other on several lanes until told to stop.</summary>
    /// <returns>What went wrong with those that were not answered with success.</returns>
    public async Task<IReadOnlyCollection<string>> Load(
        Func<HttpRequestMessage> request,
        int lanes,
        CancellationToken stop
    )
    {
        good = 0;
        var bad = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(Lane, CancellationToken.None)));
        return bad;

        async Task Lane()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var message = request();
                    using var response = await Rerouting.SendAsync(message, CancellationToken.None);
                    response.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref good);
                }
                catch (HttpRequestException error)
                {
                    bad.Enqueue(error.Message);
                }

                await Task.Delay(2, CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Plain.Dispose();
        Rerouting.Dispose();
        await services.DisposeAsync();
    }
}
