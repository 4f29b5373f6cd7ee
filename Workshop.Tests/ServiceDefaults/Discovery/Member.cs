using System.Globalization;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Registry;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>A small real service that keeps itself in the registry; <paramref name="answer"/> answers.</summary>
internal sealed class Member(string registryAddress, string name, Func<HttpContext, Task> answer) : IAsyncDisposable
{
    private WebApplication? app;

    /// <summary>What its health check says.</summary>
    public bool IsHealthy { get; set; } = true;

    public int Port { get; } = FreePorts.Next();

    public async Task<Member> Start(CancellationToken ct)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.Configuration.AddInMemoryCollection([
            new("services:registry:http:0", registryAddress),
            new(AccessTokens.OperatorKey, RegistryServer.Token),
            new("Workshop:Address", address),
            new("OTEL_SERVICE_NAME", name),
        ]);
        builder.AddServiceDefaults();
        builder
            .Services.AddHealthChecks()
            .AddCheck("member", () => IsHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        builder.AddRegistryMembership("shop-api");
        app = builder.Build();
        app.MapServiceDefaults();
        app.MapFallback(context => answer(context)).WithMetadata(new KeyedRoute());
        await app.StartAsync(ct);
        return this;
    }

    /// <summary>What SIGTERM does.</summary>
    public Task Stop(CancellationToken ct) => app!.StopAsync(ct);

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
