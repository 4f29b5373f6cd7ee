using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Discovery;

namespace LaboratoryBench.Chaos;

/// <summary>The client path of the storefront: names resolved through the registry, requests re-routed.</summary>
internal sealed class ShopClients : IDisposable
{
    private const string Name = "shop";

    private readonly IHost host;

    /// <summary>Makes the client; the registry is asked when it is first used.</summary>
    /// <param name="registry">Where the registry is.</param>
    public ShopClients(Uri registry)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["services:registry:http:0"] = registry.GetLeftPart(UriPartial.Authority),
            }
        );
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient(Name, http => http.BaseAddress = new("http://shop-api")).AddRerouting();
        host = builder.Build();
        Http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
    }

    /// <summary>Sends to the shop, whichever server that is.</summary>
    public HttpClient Http { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Http.Dispose();
        host.Dispose();
    }
}
