using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.AppHost.Embedded.Dashboard;
using Workshop.AppHost.Embedded.Running;
using HostOptions = Workshop.AppHost.Embedded.Hosting.HostOptions;

namespace Workshop.AppHost.Embedded.Inspection;

/// <summary>
/// The host's own small web server, on loopback: resources, their logs, and commands; for people, and for Aspire's dashboard.
/// </summary>
internal static class InspectionServer
{
    /// <summary>Commands have short queries and no bodies worth the name.</summary>
    private const int MaxRequestBodyBytes = 16 * 1024;

    /// <summary>Starts it.</summary>
    /// <returns>The running server; dispose of it to stop it.</returns>
    internal static async Task<WebApplication> Start(Supervisor supervisor, HostOptions options, CancellationToken ct)
    {
        // No arguments and no environment: what the host's launch profile sets is not for this server.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "Workshop.AppHost" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
            kestrel.ListenLocalhost(options.InspectionPort);
            kestrel.ListenLocalhost(options.DashboardPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(supervisor);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DashboardEndpoint>();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(server =>
            server.ShutdownTimeout = TimeSpan.FromMilliseconds(500)
        );
        builder.Services.Configure<JsonOptions>(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter())
        );
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseSameOrigin(options.InspectionPort);
        app.MapInspectionPage();
        app.MapResources();
        app.MapGrpcService<DashboardEndpoint>();
        await app.StartAsync(ct);
        return app;
    }

    /// <summary>Signals are the host's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
