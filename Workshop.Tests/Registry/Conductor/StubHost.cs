using System.Collections.Concurrent;
using System.Globalization;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Workshop.Tests.Fixtures;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>The host's commands over HTTP, as far as the conductor uses them, over a real pair of servers.</summary>
internal sealed class StubHost : IAsyncDisposable
{
    private readonly Dictionary<string, (PostgresServer Server, SemaphoreSlim Gate)> servers;
    private readonly WebApplication app;

    public StubHost(PostgresPair pair)
    {
        servers = new[] { pair.First, pair.Second }.ToDictionary(
            server => server.Name,
            server => (server, new SemaphoreSlim(1, 1)),
            StringComparer.Ordinal
        );
        Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(Address);
        builder.Services.AddRouting();
        app = builder.Build();
        app.UseRouting();
        app.MapGet("/resources", () => servers.Values.Select(entry => Show(entry.Server)));
        app.MapPost("/resources/{name}/{command}", Run);
    }

    public string Address { get; }

    /// <summary>It starts and copies nothing, and says so.</summary>
    public bool IsStubborn { get; set; }

    /// <summary>Every command that was asked for, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    public async Task<StubHost> Start(CancellationToken ct)
    {
        await app.StartAsync(ct);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        foreach (var (_, gate) in servers.Values)
        {
            gate.Dispose();
        }
    }

    private async Task<IResult> Run(string name, string command, CancellationToken ct)
    {
        Commands.Enqueue($"{command} {name}");
        var (server, gate) = servers[name];
        if (command is "fence")
        {
            await server.Kill(ct);
            return Results.Ok(Show(server));
        }

        if (IsStubborn)
        {
            return Results.Conflict();
        }

        await gate.WaitAsync(ct);
        try
        {
            if (command is "unfence" && server.IsRunning)
            {
                return Results.Conflict();
            }

            if (command is "switchover" or "stop")
            {
                await server.Stop(TimeSpan.FromSeconds(10), ct);
                return Results.Ok(Show(server));
            }

            var other = servers.Values.Single(entry => entry.Server != server).Server;
            await (command is "unfence" ? server.Start(ct) : PostgresPair.Rejoin(server, other, ct));
            return Results.Ok(Show(server));
        }
        finally
        {
            gate.Release();
        }
    }

    private static object Show(PostgresServer server) =>
        new { name = server.Name, state = server.IsRunning ? "Running" : "Exited" };
}
