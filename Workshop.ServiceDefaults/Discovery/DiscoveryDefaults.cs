using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.ServiceDiscovery;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>Finding one another through the registry.</summary>
public static class DiscoveryDefaults
{
    /// <summary>
    /// Keeps this process in the registry as an instance of <paramref name="service"/>: registered at
    /// <c>Workshop__Address</c> under the instance's name once it listens, renewed every second, and gone before it stops
    /// listening. Without a registry or an address (a service started by hand) nothing happens.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="service">The name that clients ask for, for example <c>shop-api</c>.</param>
    public static void AddRegistryMembership(this IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(new Membership(service));
        builder.Services.AddHostedService<RegistryMembership>();
    }

    /// <summary>
    /// Lets names be resolved through the registry. The first provider that knows a name wins: the registry, then the
    /// host's own wiring, then plain DNS.
    /// </summary>
    internal static void AddDiscovery(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ServiceWatches>();
        builder.Services.AddSingleton<IServiceEndpointProviderFactory, RegistryEndpointProviderFactory>();
        builder.Services.AddServiceDiscovery();
    }

    /// <summary>
    /// Makes an <see cref="HttpClient"/> hide the loss of an instance: see <see cref="ReroutingHandler"/> for what is
    /// repeated and when. It takes the place of the standard resilience handler and of the plain lookup by name, so
    /// nothing is repeated twice. Use it on clients whose base address names a service, such as <c>http://shop-api</c>:
    /// <code>
    /// services.AddHttpClient&lt;Catalogue&gt;(http => http.BaseAddress = new("http://shop-api")).AddRerouting();
    /// </code>
    /// </summary>
    /// <param name="http">The client.</param>
    /// <param name="options">Bounds other than the usual ones.</param>
    /// <returns>The same client.</returns>
    public static IHttpClientBuilder AddRerouting(this IHttpClientBuilder http, ReroutingOptions? options = null)
    {
        http.Services.TryAddSingleton<InstanceAvoidance>();
        http.Services.TryAddSingleton<SlowStart>();
        http.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        http.ConfigureAdditionalHttpMessageHandlers(
            (handlers, services) =>
            {
                handlers.Clear();
                handlers.Add(ActivatorUtilities.CreateInstance<ReroutingHandler>(services, options ?? new()));
            }
        );
        return http;
    }
}
