using Npgsql;
using Workshop.AppHost.Embedded.Hosting;
using Workshop.AppHost.Embedded.Postgres;

namespace Workshop.AppHost.Embedded.Running;

/// <summary>Runs one PostgreSQL server of a pair, as primary or standby, whichever the data folders call for.</summary>
internal sealed class DatabaseRunner(PostgresServerResource resource, PostgresServer server, TimeProvider time)
    : Runner(resource, time)
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A standby that has its primary's history streams within this time; one that does not gets a fresh copy.
    /// </summary>
    private static readonly TimeSpan FollowLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan PartnerLimit = TimeSpan.FromSeconds(60);

    internal override string Type => "PostgreSQL";

    internal override string Source => server.Folder;

    internal override int? ProcessId => server.ProcessId;

    internal override IReadOnlyDictionary<string, EnvironmentValue> ProcessEnvironment => resource.Environment;

    internal override IReadOnlyList<string> Commands { get; } = [.. CommonCommands, "pause", "resume", "rejoin"];

    private bool isFenced;

    /// <summary>The other server of the pair.</summary>
    internal DatabaseRunner? Partner { get; set; }

    /// <summary>Whether it follows another: such a server is stopped after its primary, to have received all.</summary>
    internal bool IsStandby => server.IsStandby;

    protected override Task<int> Exited => server.Exited;

    private DatabaseFacts Facts => new(server.IsInitialized, server.IsStandby, DataFolder.Timeline(server.Folder));

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>
    /// Kills it for good, because another server is to take its place: until it rejoins, or whoever fenced it starts it,
    /// it does not start. So a person who starts a dead primary while its mirror is being promoted makes no second one. Kept in
    /// memory alone: where the host ends, so do the servers and the conductor, who then fences again before it promotes.
    /// </summary>
    internal Task Fence(CancellationToken ct)
    {
        Interrupt();
        return Exclusive(
            async _ =>
            {
                isFenced = true;
                await KillHere(CancellationToken.None);
            },
            ct
        );
    }

    /// <summary>Starts it although it was fenced: nobody took its place.</summary>
    internal Task StartUnfenced(CancellationToken ct) =>
        Exclusive(
            token =>
            {
                isFenced = false;
                return StartHere(token);
            },
            ct
        );

    /// <summary>Freezes it.</summary>
    /// <exception cref="WrongStateException">It does not run.</exception>
    internal Task Pause(CancellationToken ct) =>
        Exclusive(
            async token =>
            {
                if (State is not (ResourceState.Running or ResourceState.Paused))
                {
                    throw new WrongStateException($"{Name} is {State}; only a running server can be paused.");
                }

                await server.Pause(token);
                Become(ResourceState.Paused);
            },
            ct
        );

    /// <summary>Lets it go on.</summary>
    /// <exception cref="WrongStateException">It does not run.</exception>
    internal Task Resume(CancellationToken ct) =>
        Exclusive(
            _ =>
            {
                if (State is not (ResourceState.Running or ResourceState.Paused))
                {
                    throw new WrongStateException($"{Name} is {State}; only a paused server can be resumed.");
                }

                server.Resume();
                Become(ResourceState.Running);
                return Task.CompletedTask;
            },
            ct
        );

    /// <summary>
    /// Makes it, killed if it runs, a fresh standby of <paramref name="primary"/>; returns when it streams.
    /// </summary>
    /// <exception cref="WrongStateException">The primary does not run, or follows another itself.</exception>
    internal Task Rejoin(DatabaseRunner primary, CancellationToken ct) =>
        Exclusive(
            async token =>
            {
                if (primary.State is not ResourceState.Running || primary.IsStandby)
                {
                    var what = primary.IsStandby ? "a standby" : primary.State.ToString();
                    throw new WrongStateException($"{Name} cannot rejoin {primary.Name}, which is {what}.");
                }

                await KillHere(token);
                await server.CopyFrom(primary.Server, token);
                isFenced = false;
                await StartHere(token);
            },
            ct
        );

    protected override async Task Launch(CancellationToken ct)
    {
        if (isFenced)
        {
            throw new WrongStateException(
                $"{Name} was fenced, for another server is to take its place. The conductor brings it back; by hand "
                    + $"POST /resources/{Name}/rejoin does, or start?unfence=true, if nobody took its place."
            );
        }

        if (Partner is null)
        {
            await LaunchAlone(ct);
            return;
        }

        var role = DatabaseRoles.Decide(Facts, Partner.Facts, resource.StartsAsStandby);
        switch (role)
        {
            case DatabaseRole.NewPrimary or DatabaseRole.Primary:
                await LaunchPrimary(isNew: role is DatabaseRole.NewPrimary, ct);
                break;
            default:
                await LaunchStandby(role, Partner, ct);
                break;
        }
    }

    protected override async Task<bool> Probe(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ProbeLimit);
        try
        {
            // Not cancelled but left behind: a cancellation would wait for a frozen server's answer.
            var session = ServerSession.Open(server.ConnectionString(), timeout.Token);
            await using var opened = await session.WaitAsync(ProbeLimit, ct);
            return true;
        }
        catch (Exception e)
            when (e is NpgsqlException or TimeoutException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    protected override Task StopProcess(TimeSpan limit, CancellationToken ct) => server.Stop(limit, ct);

    protected override Task KillProcess(CancellationToken ct) => server.Kill(ct);

    private PostgresServer Server => server;

    /// <summary>
    /// A server without a partner is the primary, whatever it was; the data of the one that led last is taken over.
    /// </summary>
    private async Task LaunchAlone(CancellationToken ct)
    {
        AbandonedPartner.TakeOver(server.Folder);
        await LaunchPrimary(isNew: !server.IsInitialized, ct);
        await server.DropSlots(ct);
    }

    private async Task LaunchPrimary(bool isNew, CancellationToken ct)
    {
        if (isNew)
        {
            await server.Initialize(ct);
        }
        else if (server.IsStandby)
        {
            DataFolder.StandAlone(server.Folder);
        }

        await server.Start(ct);
        foreach (var database in resource.Databases)
        {
            await server.MakeDatabase(database, ct);
        }
    }

    private async Task LaunchStandby(DatabaseRole role, DatabaseRunner primary, CancellationToken ct)
    {
        var primaryAnswers = await WaitForPrimary(primary, ct);
        if (role is DatabaseRole.Standby)
        {
            server.Follow(primary.Server);
            await server.Start(ct);
            if (!primaryAnswers || await Streams(ct))
            {
                return;
            }

            Log.Add($"cannot follow {primary.Name} with the data that it has, and gets a fresh copy");
            await server.Kill(ct);
        }

        if (!primaryAnswers)
        {
            throw new WrongStateException(
                $"{Name} needs a copy of {primary.Name}, which is {primary.State}: start that first."
            );
        }

        await server.CopyFrom(primary.Server, ct);
        await server.Start(ct);
        await server.WaitUntilStreaming(ct);
    }

    private async Task<bool> Streams(CancellationToken ct)
    {
        try
        {
            await server.WaitUntilStreaming(ct).WaitAsync(FollowLimit, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits while the primary is about to come up; false where it is down, and stays so.</summary>
    private static async Task<bool> WaitForPrimary(DatabaseRunner primary, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(PartnerLimit);
        while (primary.State is ResourceState.Waiting or ResourceState.Starting or ResourceState.NotStarted)
        {
            try
            {
                await Task.Delay(PollInterval, timeout.Token);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw new HostException($"{primary.Name} does not come up.", e);
            }
        }

        return primary.State is ResourceState.Running;
    }
}
