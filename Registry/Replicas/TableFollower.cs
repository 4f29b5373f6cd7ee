using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Json;
using Workshop.ServiceDefaults.Loops;

namespace Registry.Replicas;

/// <summary>The leader's table, as the others show it.</summary>
/// <param name="Index">Number of its last change.</param>
/// <param name="Services">All services.</param>
/// <param name="LastFailover">The last failover of the databases; null when there was none.</param>
internal sealed record TableView(long Index, IReadOnlyList<ShownService> Services, Failover? LastFailover = null);

/// <summary>
/// A registry that follows shows what the one that leads sees, so that readers may ask any of them; without a leader, what was
/// seen last.
/// </summary>
internal sealed class TableFollower(
    ReplicaSelf self,
    ReplicaOptions options,
    ServiceTable table,
    IHttpClientFactory clients,
    Background background,
    IServiceProvider services,
    TimeProvider time
) : BackgroundService
{
    internal const string Client = "replicas-table";

    /// <summary>Where the leader shows its table.</summary>
    internal const string Path = "/replicas/table";

    /// <summary>How long the leader waits for a change: times of heartbeats and probes are no older than that.</summary>
    internal static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("leader's table", Follow, stoppingToken);

    private async Task Follow(CancellationToken ct)
    {
        (Uri? Leader, long Index) last = default;
        while (!ct.IsCancellationRequested)
        {
            if (self.Leader is { } leader && leader != options.Self && await Look(leader, last, ct) is { } seen)
            {
                table.Take(seen);
                services.GetService<Journal>()?.Take(seen.LastFailover);
                last = (leader, seen.Index);
                continue;
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    private async Task<TableView?> Look(Uri leader, (Uri? Leader, long Index) last, CancellationToken ct)
    {
        var after = last.Leader == leader ? last.Index : 0;
        using var http = clients.CreateClient(Client);
        return await http.TryGetJson<TableView>(new Uri(leader, $"{Path}?after={after}"), ct);
    }
}
