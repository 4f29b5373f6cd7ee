using Shop.Web.Api;
using Shop.Web.Redundancy.Replicas;

namespace Shop.Web.Redundancy;

/// <summary>
/// Looks at registry, conductor, host and shop at most once in <see cref="Fresh"/>, for all who watch together.
/// </summary>
/// <param name="services">Makes the clients of one look.</param>
/// <param name="replicas">Asks the replicas.</param>
/// <param name="changes">Knows what followed the last fault of a leader.</param>
/// <param name="time">The age of a look.</param>
public sealed class SituationWatch(
    IServiceScopeFactory services,
    ReplicaGroups replicas,
    LeaderChanges changes,
    TimeProvider time
)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    /// <summary>A part that does not answer within this is shown as unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<Situation>? last;
    private long lookedAt;

    /// <summary>What is so now.</summary>
    /// <returns>A look at most a quarter of a second old.</returns>
    public Task<Situation> Current()
    {
        lock (gate)
        {
            if (last is null || (last.IsCompleted && time.GetElapsedTime(lookedAt) > Fresh))
            {
                lookedAt = time.GetTimestamp();
                last = Look();
            }

            return last;
        }
    }

    private async Task<Situation> Look()
    {
        await using var scope = services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<RegistryClient>();
        var host = scope.ServiceProvider.GetRequiredService<HostClient>();
        using var patience = new CancellationTokenSource(Patience, time);
        var servers = Answers.ValueInTime(registry.Service("shop-api", patience.Token));
        var databases = Answers.ValueInTime(registry.Service("shop-db", patience.Token));
        var conductor = Answers.ValueInTime(registry.Conductor(patience.Token));
        var storage = Answers.ValueInTime(registry.Storage(patience.Token));
        var resources = Answers.ValueInTime(host.Resources(patience.Token));
        var groups = replicas.Look(patience.Token);
        var known = await resources;
        return Situation.Of(await servers, await databases, await conductor, known, await storage) with
        {
            Groups =
            [
                .. (await groups).Select(group => group.With(known) with { LastChange = changes.Last(group.Service) }),
            ],
        };
    }
}
