using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Workshop.AppHost.Faults;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// The orchestrator stops everything at once. Services go first here, those that nobody waits for before the others;
/// then the primary, then its standby, which so has received all. Hosted services stop in reverse order, so this one
/// stops before Aspire's.
/// </summary>
internal sealed class OrderlyStop(DistributedApplicationModel model, ResourceNotificationService notifications)
    : IHostedService
{
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(3);

    /// <summary>A primary waits until its standby has all; a checkpoint takes its time.</summary>
    private static readonly TimeSpan DatabaseLimit = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Twice is no error: Aspire's testing package does it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var left = model.Resources.OfType<ProjectResource>().ToList<IResource>();
        while (left.Count > 0)
        {
            var waitedFor = left.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
                .Select(wait => wait.Resource)
                .ToHashSet();
            IResource[] next = [.. left.Where(resource => !waitedFor.Contains(resource))];
            await Task.WhenAll(
                next.Select(resource =>
                    new ProcessTarget(resource, notifications).Stop(ServiceLimit, cancellationToken)
                )
            );
            // A circle of waits would have kept them from starting.
            left.RemoveAll(next.Length > 0 ? next.Contains : static _ => true);
        }

        var servers = model.Resources.Select(DatabaseServers.Find).OfType<IDatabaseServer>().ToArray();
        var primaries = new List<IDatabaseServer>();
        foreach (var server in servers)
        {
            if (await Readiness.IsPrimary(server, cancellationToken))
            {
                primaries.Add(server);
            }
        }

        foreach (var server in primaries.Concat(servers.Except(primaries)))
        {
            if (server.Target is { } target)
            {
                await target.Stop(DatabaseLimit, cancellationToken);
            }
        }
    }
}

/// <summary>Adds it.</summary>
internal static class OrderlyStopDefaults
{
    internal static void AddOrderlyStop(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrderlyStop>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderlyStop>());
    }
}
