using Workshop.AppHost.Faults;

namespace Workshop.AppHost.Postgres.Containers;

/// <summary>A server of the pair in a container; <c>pair.sh</c> makes it what its order says.</summary>
internal sealed class ContainerServer(PostgresServerResource resource, ContainerEngine engine, string firstOrder)
    : IDatabaseServer,
        IFaultTarget
{
    /// <summary>The order for data that are to be served as they are.</summary>
    internal const string Serve = "serve";

    /// <summary>The order for an empty folder that is to be filled from the peer.</summary>
    internal const string Copy = "copy";

    private const string Rejoin = "rejoin";

    private const string NoBackups =
        "Backups are made of native databases; of one in a container, pg_basebackup on its port makes one.";

    private const string ContainerId = "container.id";

    private static readonly TimeSpan DeathLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private ContainerServer? partner;
    private ResourceNotificationService? notifications;

    public IResource Resource => resource;

    public IDatabaseServer Partner =>
        partner ?? throw new InvalidOperationException($"{resource.Name} has no partner.");

    public IFaultTarget Target => this;

    public Fence Fence { get; } = new(resource.Name);

    /// <summary>The engine prepares it, and says why not itself.</summary>
    public string? WhyNotPrepared => null;

    public bool LacksPartner => false;

    /// <summary>What the next container does with the data.</summary>
    internal string Order { get; private set; } = firstOrder;

    /// <summary>Makes two servers a pair.</summary>
    internal static void Pair(ContainerServer first, ContainerServer second)
    {
        first.partner = second;
        second.partner = first;
    }

    public async Task<string> ConnectionString(CancellationToken ct) =>
        (await resource.ConnectionStringExpression.GetValueAsync(ct))!;

    public string? WhyNoBackup => NoBackups;

    public string? WhyNoRestore => NoBackups;

    public Task<Backup> BackUp(CancellationToken ct) => throw new InvalidOperationException(NoBackups);

    public Task<Backup> Restore(CancellationToken ct) => throw new InvalidOperationException(NoBackups);

    /// <summary>Its slot stays until the primary's next start, within the bound of the settings.</summary>
    public Task LeavePair(CancellationToken ct) => Task.CompletedTask;

    public Task BecomeStandby(CancellationToken ct)
    {
        Order = Rejoin;
        return Task.CompletedTask;
    }

    /// <summary>Before each start.</summary>
    /// <exception cref="DistributedApplicationException">It was fenced.</exception>
    internal void Prepare(ResourceNotificationService known)
    {
        notifications = known;
        try
        {
            Fence.Pass();
        }
        catch (InvalidOperationException fenced)
        {
            throw new DistributedApplicationException(fenced.Message, fenced);
        }
    }

    /// <summary>It is what it was told to be, and is served as it is from now on.</summary>
    internal void IsReady()
    {
        Order = Serve;
        Fence.Settle(Fence.Passed);
    }

    public async Task<bool> IsAlive(CancellationToken ct) => await Living(ct) is not null;

    public async Task<bool> Kill(CancellationToken ct)
    {
        // Mostly the server is dead already, and one question is all that it takes.
        if (await Living(ct) is not { } id)
        {
            return false;
        }

        // One that is being made is not hit before it runs.
        await UntilDead(id, () => engine.Kill(id, ct), ct);
        return true;
    }

    public Task Pause(CancellationToken ct) => Container is { } id ? engine.Pause(id, ct) : Task.CompletedTask;

    public Task Resume(CancellationToken ct) => Container is { } id ? engine.Unpause(id, ct) : Task.CompletedTask;

    public async Task Stop(TimeSpan limit, CancellationToken ct)
    {
        if (await Living(ct) is not { } id)
        {
            return;
        }

        await engine.Unpause(id, ct);
        await engine.Stop(id, limit, ct);
        await UntilDead(id, () => Task.CompletedTask, ct);
    }

    /// <summary>The container that runs for the resource now; each start makes a new one.</summary>
    private string? Container =>
        notifications is not null
        && notifications.TryGetCurrentState(resource.Name, out var current)
        && current.Snapshot.Properties.FirstOrDefault(property => property.Name is ContainerId)?.Value
            is string { Length: > 0 } id
            ? id
            : null;

    /// <summary>That container where it lives; null where it does not, or there is none.</summary>
    private async Task<string?> Living(CancellationToken ct) =>
        Container is { } id && !await engine.IsDead(id, ct) ? id : null;

    private async Task UntilDead(string id, Func<Task> end, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        await end();
        while (!await engine.IsDead(id, ct))
        {
            if (TimeProvider.System.GetElapsedTime(began) > DeathLimit)
            {
                throw new TimeoutException(
                    $"The engine shows {resource.Name} alive {DeathLimit.TotalSeconds:0} s after its end was asked for."
                );
            }

            await Task.Delay(BetweenLooks, ct);
            await end();
        }
    }
}
