using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Health;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Identity;
using Workshop.ServiceDefaults.Json;
using Workshop.ServiceDefaults.Methods;
using Workshop.ServiceDefaults.Origins;
using Workshop.ServiceDefaults.Telemetry;

namespace Workshop.ServiceDefaults;

/// <summary>
/// What every service of the workshop has in common: telemetry, health, errors, discovery and resilience.
/// </summary>
public static class Defaults
{
    /// <summary>Time that a stopping service gives its requests in flight; the host ends it after 10 s.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Largest request body that any service reads, in bytes, unless a route says otherwise.</summary>
    public const int MaxRequestBodyBytes = 64 * 1024;

    /// <summary>Adds the defaults. Call it first.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
        });
        builder.AddConnectionBounds();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddTransient<IStartupFilter, HeadAsGet>();
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddErrors();
        builder.AddOrigins();
        builder.AddStrictJson();
        builder.AddDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // Only what is safe to repeat is repeated: GET, HEAD, OPTIONS. Clients of a service with several instances
            // take AddRerouting instead.
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>
    /// Adds the defaults' middleware and routes: errors, instance header, <c>/alive</c>, <c>/health</c>.
    /// </summary>
    /// <param name="app">The application, before its own routes.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseServedBy();
        app.UseNoSniff();
        app.UseErrors();
        app.UseSingleLength();
        app.UseOrigins();
        app.UseNegotiation();
        app.UseContentTypes();
        app.UseKeyRefusal();
        app.MapHealth();
        return app;
    }
}
