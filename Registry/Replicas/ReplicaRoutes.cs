using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;

namespace Registry.Replicas;

/// <summary>Several registries that know the same. Where none are configured one decides alone.</summary>
internal static class ReplicaRoutes
{
    private const string DefaultFolder = ".workshop/registry";

    /// <summary>Longest time for the leader's table, whose answer may wait for a change.</summary>
    private static readonly TimeSpan TableTimeout = TableFollower.Wait + TimeSpan.FromSeconds(1);

    internal static void AddReplicas(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ServiceEnding>();
        services.AddSingleton<IRegistryCommit, FileCommit>();
        var folder = builder.Configuration["Workshop:DataDirectory"];
        services.AddSingleton(new PersistedStateFile(folder));
        if (!builder.AddReplication<ReplicatedRegistry, RegistryExtent, RegistryLeader>(folder ?? DefaultFolder))
        {
            return;
        }

        services.AddSingleton<IRegistryCommit, MajorityCommit>();
        services.AddSingleton<TableFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<TableFollower>());
        services.AddPlainClient(TableFollower.Client, TableTimeout);
        services.AddHealthChecks().AddCheck<Knowing>("replica");
    }

    /// <summary>Before anything reads a request: writes are the leader's, reads are anybody's.</summary>
    internal static void UseReplicas(this WebApplication app)
    {
        app.UseReplication();
        if (app.Services.GetService<TableFollower>() is not null)
        {
            app.Services.GetRequiredService<ServiceTable>().Follow();
            app.MapGet(TableFollower.Path, Show)
                .WithTags("Replicas")
                .WithSummary("The leader's table, once it has changed or a second is over");
        }
    }

    private static async Task<Results<Ok<TableView>, ProblemHttpResult>> Show(
        MajorityLog log,
        ServiceTable table,
        IServiceProvider services,
        long after = 0,
        CancellationToken ct = default
    )
    {
        if (!log.IsOpen)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "This registry does not lead.");
        }

        var seen = await table.ShowChanged(after, TableFollower.Wait, ct);
        return TypedResults.Ok(seen with { LastFailover = services.GetService<Journal>()?.LastFailover });
    }

    /// <summary>What the replicas say of the registry.</summary>
    private sealed class RegistryExtent(
        ReplicatedRegistry state,
        PersistedStateFile file,
        IOptions<RegistryOptions> registry,
        IServiceProvider services
    ) : IReplicated
    {
        /// <summary>Rises with what an entry of the log means.</summary>
        private const int Version = 1;

        /// <summary>Term of what one registry alone decided before there were several.</summary>
        private readonly Lazy<long> before = new(() => Before(file).Term);

        public string Rules { get; } =
            ReplicaRules.Of(
                Version,
                Encoding.UTF8.GetBytes($"{registry.Value} {services.GetService<ConductorOptions>()?.Policy}")
            );

        public long Extent => state.Now.Conductor?.Term ?? before.Value;

        public (long Blocks, string Head)? Ledger => null;

        private static PersistedState Before(PersistedStateFile file)
        {
            try
            {
                return file.Read();
            }
            catch (Exception unreadable)
                when (unreadable is JsonException or IOException or UnauthorizedAccessException)
            {
                // It leads, and then says that it cannot be read.
                return PersistedState.None with { Term = long.MaxValue };
            }
        }
    }

    /// <summary>Healthy once this registry knows what the group knows.</summary>
    private sealed class Knowing(MajorityLog log, ServiceTable table) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                log.IsOpen || table.HasTaken
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy("No registry leads yet.")
            );
    }
}
