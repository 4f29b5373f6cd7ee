using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workshop.AppHost.Faults;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// A server of the pair as a process: at every start its role is worked out anew from what the two folders hold.
/// </summary>
internal sealed class NativeServer(
    NativePostgresResource resource,
    Lazy<Task<PostgresInstallation>> installation,
    DatabaseAccount replication,
    Backups backups,
    ConductorMemory memory,
    bool startsAsStandby,
    bool startsPaired
) : IDatabaseServer
{
    /// <summary>How long a server that is to follow waits for one that leads.</summary>
    private static readonly TimeSpan PartnerLimit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A standby that has its primary's history streams within this time; one that does not gets a fresh copy.
    /// </summary>
    private static readonly TimeSpan FollowLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private NativeServer? partner;
    private ProcessTarget? target;

    public IResource Resource => resource;

    public IDatabaseServer Partner => Other;

    public IFaultTarget? Target => target;

    public Fence Fence { get; } = new(resource.Name);

    public string? WhyNotPrepared { get; private set; }
    public bool LacksPartner { get; private set; }

    /// <summary>Asked anew each time: the mode changes while the workshop runs.</summary>
    private bool IsPaired => memory.IsPaired(startsPaired);

    private NativeServer Other => partner ?? throw new InvalidOperationException($"{resource.Name} has no partner.");

    /// <summary>Damaged data are none where a copy of the other server may take their place.</summary>
    private DatabaseFacts Facts =>
        new(
            DataFolder.Exists(resource.Folder) && (Damage is null || !IsReplaceable),
            DataFolder.IsStandby(resource.Folder),
            DataFolder.Timeline(resource.Folder)
        );

    private string Folder => resource.Folder;

    private string? Damage => DataFolder.Exists(resource.Folder) ? DataFolder.Damage(resource.Folder) : null;

    /// <summary>
    /// A standby is a copy anyway; a primary is replaced by a server that led after it, or has all that it acknowledged.
    /// </summary>
    private bool IsReplaceable =>
        DataFolder.IsStandby(resource.Folder)
        || (
            IsPaired
            && Other is { Damage: null, Folder: var other }
            && DataFolder.Exists(other)
            && (
                memory.MayLead(Other.Resource.Name)
                || (!DataFolder.IsStandby(other) && DataFolder.Timeline(other) > DataFolder.Timeline(resource.Folder))
            )
        );

    /// <summary>Makes two servers a pair.</summary>
    internal static void Pair(NativeServer first, NativeServer second)
    {
        first.partner = second;
        second.partner = first;
    }

    public async Task<string> ConnectionString(CancellationToken ct) =>
        (await resource.ConnectionStringExpression.GetValueAsync(ct))!;

    public string? WhyNoBackup => null;

    public async Task<Backup> BackUp(CancellationToken ct) => await backups.Make(await Files(ct), ct);

    public string? WhyNoRestore =>
        IsPaired
            ? "With two servers the other one has everything: rejoin takes it from there. A backup is restored in basic mode."
        : backups.All().Count == 0 ? "There is no backup: make one with backup first."
        : null;

    public async Task<Backup> Restore(CancellationToken ct) => await backups.Restore(await Files(ct));

    public async Task LeavePair(CancellationToken ct)
    {
        if (startsAsStandby && !IsPaired)
        {
            await ServerSession.TryDropSlot(await Other.ConnectionString(ct), (await Files(ct)).Slot, ct);
        }
    }

    public async Task BecomeStandby(CancellationToken ct)
    {
        var (files, primary) = (await Files(ct), await Other.Files(ct));
        if (!await files.RewindTo(primary, ct))
        {
            await files.CopyFrom(primary, ct);
        }
    }

    /// <summary>
    /// Before each start: ends leftovers, makes the folder what the role wants, and says what to run.
    /// </summary>
    /// <exception cref="DistributedApplicationException">
    /// It cannot start; the message says why, and what would help.
    /// </exception>
    internal async Task Prepare(IServiceProvider services, CancellationToken ct)
    {
        var log = services.GetRequiredService<ResourceLoggerService>().GetLogger(resource);
        try
        {
            (WhyNotPrepared, LacksPartner) = (null, false);
            target ??= new(resource, services.GetRequiredService<ResourceNotificationService>());
            await Prepare(services, log, ct);
        }
        catch (Exception e)
            when (e is InvalidOperationException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            WhyNotPrepared = e.Message;
            LogMessages.NotStarted(log, e.Message);
            throw new DistributedApplicationException(e.Message, e);
        }
    }

    /// <summary>
    /// The program and its arguments, behind a shell that turns the orchestrator's SIGTERM into a fast shutdown.
    /// </summary>
    internal async Task<string[]> Words(CancellationToken ct)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Postgres", "serve.sh");
        return [script, .. (await Files(ct)).StartWords];
    }

    /// <summary>Makes the database and its accounts; a server that is alone keeps its log for nobody.</summary>
    internal async Task MakeReady(
        DatabaseAccounts accounts,
        string database,
        IServiceProvider services,
        CancellationToken ct
    )
    {
        await accounts.MakeOn(this, database, services, ct);
        if (!IsPaired)
        {
            await using var session = await ServerSession.Open(await ConnectionString(ct), ct);
            await session.DropSlots(ct);
        }
    }

    private async Task Prepare(IServiceProvider services, ILogger log, CancellationToken ct)
    {
        if (Fence.IsUp)
        {
            throw new InvalidOperationException(Fence.Words);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(resource.Folder)!);
        if (await DataFolder.EndLeftovers(resource.Folder, ct) is > 0 and var ended)
        {
            LogMessages.EndedLeftovers(log, ended, resource.Folder);
        }

        if (!IsPaired && !startsAsStandby)
        {
            AbandonedPartner.TakeOver(resource.Folder, memory);
        }

        var files = await Files(ct);
        var role =
            IsPaired || startsAsStandby ? DatabaseRoles.Decide(Facts, Other.Facts, startsAsStandby)
            : Facts.HasData ? DatabaseRole.Primary
            : DatabaseRole.NewPrimary;
        LookForDamage(role, log);
        LogMessages.StartsAs(log, role);
        await BecomeWhat(role, files, services, ct);
        files.WriteSettings();
        Fence.Pass();
    }

    /// <summary>Damaged data are replaced by a copy, or kept for a person; never by an empty shop.</summary>
    private void LookForDamage(DatabaseRole role, ILogger log)
    {
        if (Damage is { } damage && role is DatabaseRole.Standby or DatabaseRole.CopiedStandby)
        {
            LogMessages.Damaged(log, resource.Folder, damage, Other.Resource.Name);
        }
        else if (Damage is { } own)
        {
            throw Damaged(this, own);
        }
        else if (role is DatabaseRole.NewPrimary && Other.Damage is { } others)
        {
            throw Damaged(Other, others);
        }

        static InvalidOperationException Damaged(NativeServer server, string damage) =>
            new(
                $"The files of {server.Resource.Name} are damaged ({damage}), and no other server is known to have all "
                    + $"orders. Bring back {server.Folder} from elsewhere; in basic mode restore takes the newest "
                    + "backup; --reset forgets everything."
            );
    }

    private async Task BecomeWhat(
        DatabaseRole role,
        PostgresFiles files,
        IServiceProvider services,
        CancellationToken ct
    )
    {
        switch (role)
        {
            case DatabaseRole.NewPrimary:
                await files.Initialize(ct);
                break;
            case DatabaseRole.Primary when files.IsStandby && Other.Damage is not null:
                // A failover in all but name: it begins a timeline, by which clients tell what they saw before.
                DataFolder.StandAlone(resource.Folder);
                DataFolder.RecoverToEnd(resource.Folder, "latest");
                break;
            case DatabaseRole.Primary when files.IsStandby || !IsPaired:
                DataFolder.StandAlone(resource.Folder);
                break;
            case DatabaseRole.Primary:
                break;
            case DatabaseRole.Standby:
                await AwaitPartner(services, ct);
                files.Follow(await Other.Files(ct));
                _ = CopyUnlessItFollows(services, ct);
                break;
            case DatabaseRole.CopiedStandby:
                if (!await AwaitPartner(services, ct))
                {
                    LacksPartner = true;
                    throw new InvalidOperationException(
                        $"{resource.Name} needs a copy of {Other.Resource.Name}, which does not run: start that first."
                    );
                }

                await files.CopyFrom(await Other.Files(ct), ct);
                break;
            default:
                throw new InvalidOperationException($"{role} is no role.");
        }
    }

    /// <summary>Waits while the partner is about to lead; false where it is down, and stays so.</summary>
    private async Task<bool> AwaitPartner(IServiceProvider services, CancellationToken ct)
    {
        var faults = services.GetRequiredService<ResourceFaults>();
        var began = TimeProvider.System.GetTimestamp();
        while (!await Readiness.IsPrimary(Other, ct))
        {
            if (ResourceStates.IsEnded(faults.StateOf(Other.Resource)))
            {
                return false;
            }

            if (TimeProvider.System.GetElapsedTime(began) > PartnerLimit)
            {
                throw new TimeoutException($"{Other.Resource.Name} does not come up.");
            }

            await Task.Delay(PollInterval, ct);
        }

        return true;
    }

    /// <summary>
    /// A standby's own data may be of no use to it: its primary may have recycled what it lacks. It is then copied
    /// anew.
    /// </summary>
    private async Task CopyUnlessItFollows(IServiceProvider services, CancellationToken ct)
    {
        var faults = services.GetRequiredService<ResourceFaults>();
        var log = services.GetRequiredService<ResourceLoggerService>().GetLogger(resource);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(began) < FollowLimit)
            {
                await Task.Delay(PollInterval, ct);
                if (await Readiness.IsStreaming(this, ct))
                {
                    return;
                }
            }

            if (faults.StateOf(resource) is "Running" && await Readiness.IsPrimary(Other, ct))
            {
                LogMessages.CannotFollow(log, Other.Resource.Name);
                await faults.Rejoin(this, ct);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody awaits this; the conductor goes on trying to bring the standby back.
            LogMessages.NotStarted(log, e.Message);
        }
    }

    private async Task<PostgresFiles> Files(CancellationToken ct) =>
        new(
            await installation.Value,
            new()
            {
                Name = resource.Name,
                Folder = resource.Folder,
                Port = resource.PrimaryEndpoint.Port,
                Password = (await resource.Password.GetValueAsync(ct))!,
                ReplicationUser = replication.Name,
                ReplicationPassword = (await replication.Password.Resource.GetValueAsync(ct))!,
            }
        );
}
