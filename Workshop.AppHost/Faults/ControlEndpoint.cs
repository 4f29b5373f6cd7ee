using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.AppHost.Hosting;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>
/// The dashboard's commands for those without a browser: <c>GET /resources</c>, <c>GET /resources/{name}/logs</c>,
/// <c>POST /resources/{name}/{command}</c>, on loopback.
/// </summary>
internal static class ControlEndpoint
{
    /// <summary>Adds it.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="fixedPort">Its port; null for a free one.</param>
    /// <returns>Its address.</returns>
    internal static string AddControl(this IDistributedApplicationBuilder builder, int? fixedPort)
    {
        var port = fixedPort ?? FreePort();
        builder.Services.AddSingleton<ResourceViews>();
        // Not a hosted service: those start one after another, and Aspire's own has started when every wait has ended.
        builder.Eventing.Subscribe<BeforeStartEvent>((started, ct) => Listen(port, started.Services, ct));
        return string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
    }

    private static async Task Listen(int port, IServiceProvider services, CancellationToken ct)
    {
        // Of its own configuration: the environment's ASPNETCORE_URLS are the dashboard's.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "Workshop.AppHost" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder.Services.AddControlProblems();
        builder.Services.AddSingleton<IHostLifetime, ForeignLifetime>();
        builder.Services.AddSingleton(services.GetRequiredService<ResourceViews>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceFaults>());
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseSameOrigin(port);
        app.UseLatestConductor();
        app.MapReads("/resources", (ResourceViews views) => views.All());
        app.MapReads("/resources/{name}", Find);
        app.MapReads("/resources/{name}/logs", Logs);
        app.MapPost("/resources/{name}/{command}", Execute);
        app.MapReads("/backups", () => services.GetService<Backups>()?.All() ?? []);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException e)
        {
            // Somebody took it after it was found free.
            throw new HostException($"The control endpoint cannot listen on port {port}: {e.Message}", e);
        }

        services
            .GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopped.Register(() => _ = app.DisposeAsync().AsTask());
    }

    private static void MapReads(this WebApplication app, string path, Delegate handler) =>
        app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], handler);

    private static Results<Ok<ResourceDetails>, ProblemHttpResult> Find(string name, ResourceViews views) =>
        views.Find(name) is { } resource ? TypedResults.Ok(views.DetailsOf(resource)) : Unknown(name);

    private static async Task<Results<Ok<string[]>, ProblemHttpResult>> Logs(
        string name,
        ResourceViews views,
        CancellationToken ct
    ) => views.Find(name) is { } resource ? TypedResults.Ok(await views.LogsOf(resource, ct)) : Unknown(name);

    /// <summary>Carries a command out to its end, also when whoever gave it has hung up.</summary>
    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Execute(
        string name,
        string command,
        ResourceViews views,
        ResourceFaults faults
    )
    {
        if (views.Find(name) is not { } resource)
        {
            return Unknown(name);
        }

        if (CommandOf(resource, command, faults) is not { } run)
        {
            var known = string.Join(", ", ResourceViews.CommandsOf(resource));
            return Problem(StatusCodes.Status404NotFound, $"{name} has no command '{command}'; it has {known}.");
        }

        try
        {
            var result = await run(CancellationToken.None);
            return result.Success
                ? TypedResults.Ok(views.Of(resource))
                : Problem(
                    StatusCodes.Status409Conflict,
                    result.Message ?? $"{command} does not fit the state of {name}."
                );
        }
        catch (Exception e)
            when (e
                    is TimeoutException
                        or InvalidOperationException
                        or Npgsql.NpgsqlException
                        or IOException
                        or UnauthorizedAccessException
                        or Win32Exception
            )
        {
            return Problem(StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private static Func<CancellationToken, Task<ExecuteCommandResult>>? CommandOf(
        IResource resource,
        string command,
        ResourceFaults faults
    ) =>
        (command, DatabaseServers.Find(resource)) switch
        {
            ("start", _) => ct => faults.Start(resource, ct),
            ("stop", _) => ct => faults.Stop(resource, ct),
            ("restart", _) => ct => faults.Restart(resource, ct),
            ("kill", _) => ct => faults.Kill(resource, ct),
            ("pause", _) => ct => faults.Pause(resource, ct),
            ("resume", _) => ct => faults.Resume(resource, ct),
            ("fence", { } server) => ct => faults.Fence(server, ct),
            ("unfence", { } server) => ct => faults.Unfence(server, ct),
            ("rejoin", { } server) => ct => faults.Rejoin(server, ct),
            ("switchover", { } server) => ct => faults.SwitchOver(server, ct),
            ("backup", { } server) => ct => faults.BackUp(server, ct),
            ("restore", { } server) => ct => faults.Restore(server, ct),
            _ => null,
        };

    private static ProblemHttpResult Unknown(string name) =>
        Problem(StatusCodes.Status404NotFound, $"There is no resource '{name}'.");

    private static ProblemHttpResult Problem(int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status);

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Signals are the application's business.</summary>
    private sealed class ForeignLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
