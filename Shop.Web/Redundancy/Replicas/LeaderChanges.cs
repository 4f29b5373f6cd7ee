using System.Collections.Concurrent;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Replicas;

/// <summary>
/// Gives the host's commands, and where one takes a leader away, times how long it takes until another leads. The clock begins
/// with the command, so what is shown is never less than it was.
/// </summary>
/// <param name="groups">Asks the replicas.</param>
/// <param name="background">Looks on.</param>
/// <param name="time">The clock.</param>
/// <param name="lifetime">Ends it with the program.</param>
public sealed class LeaderChanges(
    ReplicaGroups groups,
    Background background,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>One that hangs must not hold up the look at the others for long.</summary>
    private static readonly TimeSpan LookTimeout = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, LeaderChange> last = new(StringComparer.Ordinal);

    /// <summary>The last one of a service; null before the first.</summary>
    /// <param name="service">Its name.</param>
    public LeaderChange? Last(string service) => last.GetValueOrDefault(service);

    /// <summary>Gives a command.</summary>
    /// <param name="now">Tells whether its resource leads.</param>
    /// <param name="host">Does it.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="command">The host's command.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The host's answer.</returns>
    public async Task<Answer<HostResource>> Command(
        Situation now,
        HostClient host,
        string resource,
        string command,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(host);
        var group = Fault.IsHarm(command)
            ? now.Groups.FirstOrDefault(known => string.Equals(known.Leader?.Name, resource, StringComparison.Ordinal))
            : null;
        if (group is null)
        {
            return await host.Command(resource, command, ct);
        }

        var change = new LeaderChange(resource, command, time.GetUtcNow());
        last[group.Service] = change;
        background.Once("who leads after a fault", () => Watch(group, change, time.GetTimestamp()));
        var answer = await host.Command(resource, command, ct);
        if (answer.Problem is not null)
        {
            last.TryRemove(KeyValuePair.Create(group.Service, change));
        }

        return answer;
    }

    private async Task Watch(ReplicaGroup group, LeaderChange change, long began)
    {
        var term = group.Leader!.Seen!.Term;
        var others = group.Replicas.Where(replica => replica != group.Leader).ToList();
        while (Last(group.Service) == change && time.GetElapsedTime(began) < LongestWatch)
        {
            using var patience = new CancellationTokenSource(LookTimeout, time);
            var seen = await groups.Look(others, patience.Token);
            if (seen.FirstOrDefault(other => other.Role is "leader" && other.Seen!.Term > term) is { } next)
            {
                var led = change with { To = next.Name, Took = time.GetElapsedTime(began) };
                last.TryUpdate(group.Service, led, change);
                return;
            }

            await Task.Delay(BetweenLooks, time, lifetime.ApplicationStopping);
        }

        last.TryUpdate(group.Service, change with { Took = LongestWatch }, change);
    }
}
