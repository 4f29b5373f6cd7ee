using Npgsql;
using Registry.Leases;
using Workshop.ServiceDefaults.Loops;

namespace Registry.Conductor;

/// <summary>
/// Watches the database pair: gathers facts, lets the rules decide, and acts. All decisions are made on one loop; what takes
/// long (starts, copies, a checkpoint) goes on beside it. Every action may be repeated, so a restart at any moment is harmless.
/// This file looks and decides; <c>PairConductor.Actions.cs</c> acts, <c>PairConductor.Beginning.cs</c> takes up what was
/// decided before, and <c>PairConductor.Modes.cs</c> takes the storage mode that a person wants.
/// </summary>
internal sealed partial class PairConductor(
    ConductorOptions options,
    ServiceTable table,
    SteadyClock clock,
    Journal journal,
    LagInjector lag,
    LossCollector losses,
    Wires wires,
    ConductorTelemetry telemetry,
    IServiceProvider services,
    Background background,
    HostFence? fence = null
) : BackgroundService
{
    private const string FreshCopy = "fresh copy";

    private const string Stopping = "stop";

    /// <summary>Longest time between two looks at the facts; a probe's outcome calls for one at once.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    /// <summary>The same while the primary is silent: nobody can buy, and how long it lasts decides.</summary>
    private static readonly TimeSpan MaxPauseWhenSilent = TimeSpan.FromMilliseconds(10);

    /// <summary>Pause after an action that failed.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the host is asked whether it is there.</summary>
    private static readonly TimeSpan FenceCheckInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A person's wish to promote is forgotten when it cannot be met for this long.</summary>
    private static readonly TimeSpan ForceLasts = TimeSpan.FromSeconds(15);

    private readonly PersistedStateFile file = new(options.DataDirectory);
    private readonly PairPublisher publisher = new(table);
    private readonly StandbyWatch watch = new(clock.Time);
    private readonly FailoverClock failover = new(clock.Time);
    private readonly DiskWatch disks = new(clock.Time);
    private readonly ServerJobs jobs = new(clock.Time, journal);
    private readonly SemaphoreSlim wake = new(0);
    private readonly Dictionary<string, ServerProbe> probes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Silence> silences = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PersistedState persisted = PersistedState.None;
    private PersistedState written = PersistedState.None;
    private long copyTerm;
    private Rule? lastRule;
    private long? fencedAt;
    private bool isPrimarySilent;
    private volatile bool canFence = fence is not null;
    private DateTimeOffset? lastBackup;
    private DateTimeOffset forcedUntil;
    private volatile ConductorView? view;

    /// <summary>What it knows; null before the first look.</summary>
    public ConductorView? View => view;

    /// <summary>Why nothing is decided; null while all is.</summary>
    public ConductorStop? Stop { get; private set; }

    /// <summary>
    /// Takes a person's decision that the other server is to be primary; or, where nothing is decided, the only one.
    /// </summary>
    public void Force()
    {
        if (Stop is not null)
        {
            goOn.TrySetResult();
            return;
        }

        forcedUntil = clock.Now + ForceLasts;
        Wake();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    /// <summary>Decides until the token ends.</summary>
    public Task Conduct(CancellationToken ct) => ExecuteAsync(ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await Begin(stoppingToken))
        {
            return;
        }

        telemetry.Observe(() => view);
        var names = options.Servers.Keys.ToArray();
        foreach (var (name, connectionString) in options.Servers)
        {
            var other = names.FirstOrDefault(candidate => !string.Equals(candidate, name, StringComparison.Ordinal));
            silences[name] = new(clock.Time);
            probes[name] = new(
                new(
                    name,
                    services.GetRequiredKeyedService<NpgsqlDataSource>(name),
                    connectionString,
                    () => wires.PortTo(name)
                ),
                new PairQuestion(other ?? ""),
                clock.Time,
                background,
                Wake
            );
        }

        await Task.WhenAll([
            .. probes.Values.Select(probe =>
                background.Loop($"probes of {probe.Server.Name}", probe.Run, stoppingToken)
            ),
            .. probes.Values.Select(probe =>
                background.Loop($"disk of {probe.Server.Name}", ct => disks.Run(probe, ct), stoppingToken)
            ),
            background.Loop("decisions", Loop, stoppingToken),
            background.Loop("fence", CheckFence, stoppingToken),
            background.Loop("lag", ct => lag.Run(StandbyToHold, ct), stoppingToken),
            background.Loop("lost orders", ct => losses.Collect(journal, ct), stoppingToken),
        ]);
        foreach (var probe in probes.Values)
        {
            await probe.DisposeAsync();
        }
    }

    private StorageMode Mode => persisted.Mode ?? options.Mode;

    private async Task Loop(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var isDone = await Step(ct);
            var pause = isDone
                ? isPrimarySilent
                    ? MaxPauseWhenSilent
                    : MaxPause
                : PauseAfterFailure;
            Task woken = wake.WaitAsync(pause, ct);
            await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look at the facts and what follows.</summary>
    /// <returns>False when what a rule told could not be done.</returns>
    private async Task<bool> Step(CancellationToken ct)
    {
        TakeFinishedJobs();
        var asked = TakeWish();
        var facts = Gather();
        Publish(facts);
        var rule = Rules.Decide(facts);
        if (lastRule != rule)
        {
            journal.Note(rule, persisted.Term);
            lastRule = rule;
        }

        isPrimarySilent = facts.Primary.Reach is Reach.Silent;
        view = ConductorView.From(options, facts, rule, lastBackup);
        asked?.Answer();
        if (facts.Primary.IsWritable && !facts.IsForced)
        {
            failover.Forget();
        }

        try
        {
            await Act(rule.Action, facts, ct);
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception error)
            when (error
                    is NpgsqlException
                        or HttpRequestException
                        or OperationCanceledException
                        or TimeoutException
                        or IOException
                        or UnauthorizedAccessException
                        or FenceException
            )
        {
            journal.NoteFailure(rule, error);
            return false;
        }
    }

    private Facts Gather()
    {
        var isAlone = KeepIdle();
        var primary = probes[persisted.Primary is "" ? ConductorOptions.FirstServer : persisted.Primary];
        var other = isAlone ? null : probes.Values.FirstOrDefault(probe => probe != primary);
        var primaryState = primary.State;
        var otherState = other?.State;
        if (primaryState.Reach is Reach.Answers or Reach.Starting && primaryState.LastAnswerAt > fencedAt)
        {
            fencedAt = null;
        }

        var primaryFacts = Facts(primary, primaryState);
        var otherFacts = other is null ? null : Facts(other, otherState!);
        return new(
            Mode,
            options.Policy,
            persisted,
            primaryFacts,
            otherFacts,
            watch.Observe(primaryFacts, primaryState.Answer, otherFacts, otherState?.Answer),
            fencedAt is not null,
            canFence,
            clock.Now < forcedUntil,
            lag.IsActive,
            primaryFacts.Name is ConductorOptions.FirstServer
        );
    }

    private ServerFacts Facts(ServerProbe probe, ProbeState state)
    {
        var name = probe.Server.Name;
        if (state.Reach is Reach.Answers)
        {
            jobs.NoteAnswer(name);
        }

        return new(
            name,
            state.Reach,
            state.RefusedInARow,
            silences[name].Observe(state),
            state.Answer?.IsInRecovery ?? false,
            jobs.IsBusy(name),
            jobs.StartsFailed(name),
            disks.FullFor(name)
        );
    }

    private void Write(PersistedState next)
    {
        if (next != written)
        {
            file.Write(next);
            written = next;
        }

        persisted = next;
    }

    /// <summary>A copy counts when the primary that it was made from still is primary, in the same term.</summary>
    private void TakeFinishedJobs()
    {
        foreach (var (name, probe) in probes)
        {
            var done = jobs.TakeFinished(name);
            if (done is not null and not Stopping)
            {
                probe.NoteStarted();
            }

            if (
                done is FreshCopy
                && copyTerm == persisted.Term
                && string.Equals(persisted.Rebuild, name, StringComparison.Ordinal)
            )
            {
                Write(persisted with { Rebuild = null });
            }
        }
    }

    private void Publish(Facts facts)
    {
        var servers = new[] { facts.Primary, facts.Other }.OfType<ServerFacts>();
        publisher.Publish(
            facts,
            servers.Select(server => (server, probes[server.Name].Server.Address, probes[server.Name].State.Latency)),
            clock.Now
        );
    }

    /// <summary>The standby that may be held back: only where nobody waits for it.</summary>
    private (DatabaseServer Standby, ServerProbe Primary)? StandbyToHold() =>
        persisted is { Mode: StorageMode.Asynchronous, Wanted: null, Pending: null }
        && probes.GetValueOrDefault(persisted.Primary) is { } primary
        && probes.Values.FirstOrDefault(probe => probe != primary) is { } standby
        && standby.State is { Reach: Reach.Answers, Answer.IsInRecovery: true }
            ? (standby.Server, primary)
            : null;

    /// <summary>The standby and its primary, where both answer.</summary>
    public (DatabaseServer Standby, DatabaseServer Primary)? Pair =>
        View is { Primary: { } primary, Standby: { } standby }
        && probes.GetValueOrDefault(primary) is { } leading
        && probes.GetValueOrDefault(standby) is { } following
            ? (following.Server, leading.Server)
            : null;

    private void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }
}
