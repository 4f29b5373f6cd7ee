using System.Globalization;
using Npgsql;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Workshop.ServiceDefaults.Loops;

namespace Registry.Observer;

/// <summary>
/// Probes the servers, lets <see cref="ExternalObserver"/> say what follows, and publishes it. It asks only: it ends no server,
/// promotes none, and changes no setting.
/// </summary>
internal sealed class ObserverRunner(
    ConductorOptions options,
    ServiceTable table,
    SteadyClock clock,
    Journal journal,
    LossCollector losses,
    ConductorTelemetry telemetry,
    IServiceProvider services,
    Background background,
    ILogger<ObserverRunner> logger
) : BackgroundService
{
    /// <summary>Longest time between two looks; a probe's outcome calls for one at once.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// After a start nobody is followed before all servers were asked, or so much time is over: the first to answer may be a
    /// primary of before.
    /// </summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1.5);

    private readonly PairPublisher publisher = new(table);
    private readonly LastPrimaryFile file = new(options.DataDirectory, logger);
    private readonly List<ServerProbe> probes = [];
    private readonly Dictionary<string, Silence> silences = new(StringComparer.Ordinal);
    private readonly DiskWatch disks = new(clock.Time);
    private readonly SemaphoreSlim wake = new(0);
    private DateTimeOffset startedAt;
    private LagHistory history = LagHistory.Empty;
    private FailoverClock failover;
    private LastPrimary? last;
    private string? alarm;
    private bool isDown;
    private bool hasLooked;
    private volatile ConductorView? view;

    /// <summary>What it knows; null before the first look.</summary>
    public ConductorView? View => view;

    /// <inheritdoc/>
    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Run(stoppingToken);

    /// <summary>Observes until the token ends.</summary>
    public async Task Run(CancellationToken stoppingToken)
    {
        (startedAt, hasLooked) = (clock.Now, false);
        last = file.Read();
        telemetry.Observe(() => view);
        foreach (var (name, connectionString) in options.Servers)
        {
            var server = new DatabaseServer(
                name,
                services.GetRequiredKeyedService<NpgsqlDataSource>(name),
                connectionString
            );
            probes.Add(new(server, new ObserverQuestion(), clock, background, Wake));
            silences[name] = new(clock.Now);
        }

        await Task.WhenAll([
            .. probes.Select(probe => background.Loop($"probes of {probe.Server.Name}", probe.Run, stoppingToken)),
            .. probes.Select(probe =>
                background.Loop($"disk of {probe.Server.Name}", ct => disks.Run(probe, ct), stoppingToken)
            ),
            background.Loop("observations", Loop, stoppingToken),
            background.Loop("lost orders", losses.Collect, stoppingToken),
        ]);
        foreach (var probe in probes)
        {
            await probe.DisposeAsync();
        }

        probes.Clear();
    }

    private async Task Loop(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            Look(ct);
            await ((Task)wake.WaitAsync(MaxPause, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Look(CancellationToken ct)
    {
        var seen = probes.ConvertAll(See);
        if (!hasLooked && !IsFirstLookOver(seen))
        {
            return;
        }

        hasLooked = true;
        var choice = ExternalObserver.Choose(seen, last);
        var servers = seen.ConvertAll(server => Measure(server, choice.Primary));
        if (!string.Equals(alarm, choice.Alarm, StringComparison.Ordinal))
        {
            alarm = choice.Alarm;
            Tell(alarm);
        }

        NoteLoss(servers);
        var before = last;
        last = choice.Last;
        Publish(servers, choice);
        view = ExternalObserver.View(options, servers, choice);
        if (choice.Primary is not { } primary)
        {
            return;
        }

        if (before != last)
        {
            file.Write(last!);
            Follow(before, primary, ct);
        }

        failover = default;
        isDown = false;
    }

    private bool IsFirstLookOver(List<ObservedServer> seen) =>
        seen.TrueForAll(server => server.Facts.Reach is not Reach.Unknown) || clock.Now - startedAt > FirstLook;

    private ObservedServer See(ServerProbe probe)
    {
        var (name, state) = (probe.Server.Name, probe.State);
        silences[name] = silences[name].Observe(state, clock.Now);
        return new(
            new(
                name,
                state.Reach,
                state.RefusedInARow,
                silences[name].Length,
                state.Answer?.IsInRecovery ?? false,
                FullFor: disks.FullFor(name)
            ),
            probe.Server.Address,
            state.Answer as ObservedAnswer
        );
    }

    /// <summary>How far a standby is behind the primary that is followed.</summary>
    private ObservedServer Measure(ObservedServer server, ObservedServer? primary)
    {
        if (primary?.Says is not { } leads || !server.Facts.IsStandby || server.Says is not { } says)
        {
            return server;
        }

        if (last is null || !string.Equals(last.Name, primary.Name, StringComparison.Ordinal))
        {
            history = LagHistory.Empty;
        }

        var now = clock.Now;
        history = history.Note(now, leads.Position);
        return server with
        {
            LagBytes = Math.Max(0, leads.Position - says.Position),
            Lag = history.Lag(now, says.Position),
            ReplayBehind = says.Replayed is { } replayed ? history.Lag(now, replayed) : null,
        };
    }

    /// <summary>A failover's time begins with the last answer of the primary that went.</summary>
    private void NoteLoss(List<ObservedServer> servers)
    {
        if (isDown || last is null)
        {
            return;
        }

        var index = servers.FindIndex(server => string.Equals(server.Name, last.Name, StringComparison.Ordinal));
        if (index >= 0 && servers[index].Facts.IsDown)
        {
            isDown = true;
            failover = new(probes[index].State.LastAnswerAt, clock.Now, clock.Now, null);
            journal.Note($"{last.Name}, the primary, does not answer", "who else decides is waited for");
        }
    }

    private void Follow(LastPrimary? before, ObservedServer primary, CancellationToken ct)
    {
        var timeline = primary.Says!.Timeline;
        var detail = string.Create(CultureInfo.InvariantCulture, $"timeline {timeline}");
        journal.Note($"{primary.Name} is the primary that is followed", detail);
        if (before is null || string.Equals(before.Name, primary.Name, StringComparison.Ordinal))
        {
            return;
        }

        var seenAt = clock.Now;
        var done = failover.Finish(timeline, before.Name, primary.Name, seenAt, seenAt) with { Timeline = timeline };
        journal.Note(done);
        var server = probes.Find(one => string.Equals(one.Server.Name, primary.Name, StringComparison.Ordinal));
        background.Once("what follows a failover", () => Settle(server!.Server, done, seenAt, ct));
    }

    private async Task Settle(DatabaseServer primary, Failover done, DateTimeOffset seenAt, CancellationToken ct)
    {
        try
        {
            if (await primary.FirstClientSeen(seenAt, clock, ct) is { } reroute)
            {
                done = done.WithReroute(reroute);
                journal.Amend(done.Term, failover => failover.WithReroute(reroute));
            }
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            journal.Note("After the failover", error.Message);
        }

        telemetry.Tell(done);
    }

    private void Publish(List<ObservedServer> servers, Choice choice)
    {
        var mode = ModeChange.Word(options.Mode);
        publisher.Publish(
            choice.Last?.Timeline ?? 0,
            (mode, mode),
            servers
                .Zip(probes)
                .Select(pair =>
                {
                    var (server, probe) = pair;
                    return (server.Facts, server.Address, probe.State.Latency, ExternalObserver.Role(server, choice));
                }),
            clock.Now
        );
    }

    private void Tell(string? said)
    {
        if (said is not null)
        {
            LogMessages.PrimaryInDoubt(logger, said);
            journal.Note("Who is primary is in doubt", said);
        }
        else
        {
            journal.Note("Who is primary is in doubt no longer", "one server takes writes, or none");
        }
    }

    private void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }
}
