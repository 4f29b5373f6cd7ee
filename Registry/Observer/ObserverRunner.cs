using System.Globalization;
using Npgsql;
using Registry.Conductor;
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
    private readonly LagHistory history = new();
    private readonly FailoverClock failover = new(clock.Time);
    private readonly DiskWatch disks = new(clock.Time);
    private readonly SemaphoreSlim wake = new(0);
    private readonly List<(ServerProbe Probe, Silence Silence)> probes = [];
    private long startedAt;
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
        (startedAt, hasLooked) = (clock.Time.GetTimestamp(), false);
        last = file.Read();
        telemetry.Observe(() => view);
        foreach (var (name, connectionString) in options.Servers)
        {
            var server = new DatabaseServer(
                name,
                services.GetRequiredKeyedService<NpgsqlDataSource>(name),
                connectionString
            );
            probes.Add((new(server, new ObserverQuestion(), clock.Time, background, Wake), new(clock.Time)));
        }

        await Task.WhenAll([
            .. probes.Select(one =>
                background.Loop($"probes of {one.Probe.Server.Name}", one.Probe.Run, stoppingToken)
            ),
            .. probes.Select(one =>
                background.Loop($"disk of {one.Probe.Server.Name}", ct => disks.Run(one.Probe, ct), stoppingToken)
            ),
            background.Loop("observations", Loop, stoppingToken),
            background.Loop("lost orders", ct => losses.Collect(journal, ct), stoppingToken),
        ]);
        foreach (var (probe, _) in probes)
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
        var seen = probes.ConvertAll(one => See(one.Probe, one.Silence));
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

        failover.Forget();
        isDown = false;
    }

    private bool IsFirstLookOver(List<ObservedServer> seen) =>
        seen.TrueForAll(server => server.Facts.Reach is not Reach.Unknown)
        || clock.Time.GetElapsedTime(startedAt) > FirstLook;

    private ObservedServer See(ServerProbe probe, Silence silence)
    {
        var state = probe.State;
        return new(
            new(
                probe.Server.Name,
                state.Reach,
                state.RefusedInARow,
                silence.Observe(state),
                state.Answer?.IsInRecovery ?? false,
                FullFor: disks.FullFor(probe.Server.Name)
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
            history.Clear();
        }

        var now = clock.Time.GetElapsedTime(startedAt);
        history.Note(now, leads.Position);
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
            failover.Detected(probes[index].Probe.State.LastAnswerAt, new());
            failover.Fenced();
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

        var seenAt = clock.Time.GetTimestamp();
        var done = failover.Finish(timeline, before.Name, primary.Name, seenAt, clock.Now) with { Timeline = timeline };
        journal.Note(done);
        var server = probes.Find(one => string.Equals(one.Probe.Server.Name, primary.Name, StringComparison.Ordinal));
        background.Once("what follows a failover", () => Settle(server.Probe.Server, done, seenAt, ct));
    }

    private async Task Settle(DatabaseServer primary, Failover done, long seenAt, CancellationToken ct)
    {
        try
        {
            if (await primary.FirstClientSeen(seenAt, clock.Time, ct) is { } reroute)
            {
                done = done.WithReroute(reroute);
                journal.Amend(done.Term, _ => done);
            }
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            journal.Note("After the failover", error.Message);
        }

        telemetry.Tell(done);
        await losses.Collect(journal, ct);
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
                    var (server, one) = pair;
                    return (
                        server.Facts,
                        server.Address,
                        one.Probe.State.Latency,
                        ExternalObserver.Role(server, choice)
                    );
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
