using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Workshop.AppHost.Faults;
using Workshop.AppHost.Hosting;

namespace Workshop.AppHost.Postgres;

/// <summary>The pair as processes of this machine.</summary>
internal static class NativePair
{
    internal static DatabasePair Add(
        WorkshopBuilder workshop,
        StateFolder state,
        (string Name, int Port) first,
        (string Name, int Port) second,
        string database
    )
    {
        var password = workshop.Secret(Secrets.PostgresPassword).Resource;
        // Read now: no variable of the workshop's own is left when the servers start.
        var folder = Environment.GetEnvironmentVariable(PostgresInstallation.FolderVariable);
        var installation = new Lazy<Task<PostgresInstallation>>(() =>
            PostgresInstallation.FindOrFetch(folder, Console.WriteLine, CancellationToken.None)
        );
        var accounts = DatabaseAccounts.AddTo(workshop);
        var startsPaired = workshop.Options.HasStandby;
        var backups = new Backups(state, TimeProvider.System);
        workshop.Aspire.Services.AddSingleton(backups);
        var (primary, one) = AddServer(first, startsAsStandby: false);
        var (standby, two) = AddServer(second, startsAsStandby: true);
        NativeServer.Pair(one, two);
        if (!startsPaired)
        {
            standby.WithExplicitStart();
        }

        var shop = AddDatabase(workshop, database, primary.Resource);
        primary.OnResourceReady((_, ready, ct) => MakeDatabase(one, ready.Services, ct));
        standby.OnResourceReady((_, ready, ct) => MakeDatabase(two, ready.Services, ct));
        return new(
            primary,
            primary.GetEndpoint(NativePostgresResource.EndpointName),
            standby,
            standby.GetEndpoint(NativePostgresResource.EndpointName),
            shop,
            accounts,
            workshop.Options
        );

        (IResourceBuilder<NativePostgresResource>, NativeServer) AddServer(
            (string Name, int Port) place,
            bool startsAsStandby
        )
        {
            var resource = new NativePostgresResource(
                place.Name,
                Path.Combine(state.DatabaseFolder, place.Name),
                password
            );
            var server = new NativeServer(
                resource,
                installation,
                accounts.Replication,
                backups,
                Replicas.ConductorMemory(state, workshop.Options),
                startsAsStandby,
                startsPaired
            );
            return (AddNative(workshop, resource, server, place.Port), server);
        }

        async Task MakeDatabase(NativeServer server, IServiceProvider services, CancellationToken ct)
        {
            server.Fence.Settle(server.Fence.Passed);
            await server.MakeReady(accounts, database, services, ct);
            await SetRunning(shop.Resource, services);
        }
    }

    private static IResourceBuilder<NativeDatabaseResource> AddDatabase(
        WorkshopBuilder workshop,
        string name,
        NativePostgresResource server
    ) =>
        workshop
            .Aspire.AddResource(new NativeDatabaseResource(name, server))
            .WithIconName("Database")
            .WithInitialState(
                new()
                {
                    ResourceType = "PostgresDatabase",
                    Properties = [],
                    State = KnownResourceStates.Waiting,
                }
            );

    /// <summary>Aspire hands a container's state on to its databases, but not an executable's.</summary>
    private static Task SetRunning(IResource database, IServiceProvider services) =>
        services
            .GetRequiredService<ResourceNotificationService>()
            .PublishUpdateAsync(database, snapshot => snapshot with { State = KnownResourceStates.Running });

    private static IResourceBuilder<NativePostgresResource> AddNative(
        WorkshopBuilder workshop,
        NativePostgresResource resource,
        NativeServer server,
        int port
    )
    {
        var check = $"{resource.Name}_answers";
        workshop
            .Aspire.Services.AddHealthChecks()
            .Add(new(check, _ => new ServerCheck(server), failureStatus: null, tags: null));
        return workshop
            .Aspire.AddResource(resource)
            .WithAnnotation(server)
            .WithEndpoint(
                port: workshop.Port(port),
                name: NativePostgresResource.EndpointName,
                scheme: "tcp",
                isProxied: false
            )
            .WithIconName("DatabaseMultiple")
            .WithArgs(async context =>
            {
                foreach (var word in await server.Words(context.CancellationToken))
                {
                    context.Args.Add(word);
                }
            })
            .WithEnvironment("LC_ALL", "C")
            .WithEnvironment("TZ", "UTC")
            .WithHealthCheck(check)
            .OnBeforeResourceStarted((_, starting, ct) => server.Prepare(starting.Services, ct))
            .WithDatabaseFaults(server);
    }

    /// <summary>
    /// Healthy is a server that answers, and a standby that receives its primary's log, if there is a primary.
    /// </summary>
    private sealed class ServerCheck(NativeServer server) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            if (!await Readiness.Answers(server, cancellationToken))
            {
                return HealthCheckResult.Unhealthy("It does not answer.");
            }

            return
                await Readiness.IsPrimary(server, cancellationToken)
                || await Readiness.IsStreaming(server, cancellationToken)
                || !await Readiness.IsPrimary(server.Partner, cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("It does not receive its primary's log.");
        }
    }
}
