using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Registry.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Registry.Conductor;

/// <summary>
/// One run of the conductor, on one loop: it gathers what is known, has <see cref="PairMachine"/> decide, and does what that
/// says, in its order. <c>ConductorRun.Effects.cs</c> does it, <c>ConductorRun.Outside.cs</c> listens.
/// </summary>
internal sealed partial class ConductorRun(
    ConductorOptions options,
    IRegistryCommit commits,
    ServiceTable table,
    SteadyClock clock,
    Journal journal,
    LagInjector lag,
    LossCollector losses,
    Wires wires,
    ConductorTelemetry telemetry,
    Background background,
    IServiceProvider services,
    HostFence? fence = null
)
{
    private static readonly TimeSpan BetweenTimelines = TimeSpan.FromMilliseconds(200);

    private readonly PairPublisher publisher = new(table);
    private readonly DiskWatch disks = new(clock.Time);
    private readonly Dictionary<string, ServerProbe> probes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Input> inbox = new();
    private volatile TaskCompletionSource woken = NotWoken();
    private volatile ConductorState state = new(
        new(options.Mode, options.Policy, options.Servers.Count > 1),
        PersistedState.None,
        canFence: false,
        clock.Now
    );
    private volatile ConductorView? view;

    /// <summary>Of the last write. The loop's own, as writing is; what the pure part compares has that of the start.</summary>
    private long change;

    /// <summary>What it knows; null before the first look.</summary>
    public ConductorView? View => view;

    /// <summary>Why nothing is decided; null while all is.</summary>
    public ConductorStop? Stop => state.Stop;

    /// <summary>Conducts until told to stop.</summary>
    public async Task Conduct(CancellationToken ct)
    {
        foreach (var (name, connectionString) in options.Servers)
        {
            var source = services.GetRequiredKeyedService<NpgsqlDataSource>(name);
            probes[name] = new(
                new(name, source, connectionString, () => wires.PortTo(name)),
                new PairQuestion(options.Servers.Count > 1 ? ServerNames.Other(name) : ""),
                clock,
                background,
                Wake
            );
        }

        try
        {
            var read = commits.Read();
            change = read.Change;
            state = new(state.Settings, read, canFence: fence is not null, clock.Now);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            state = state with { Stop = ConductorStop.Unreadable(error.Message) };
            await Take(Look(), ct);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock.Time, ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        lag.Milliseconds = 0;
        await Task.WhenAll([
            .. probes.Values.Select(probe => background.Loop($"probes of {probe.Server.Name}", probe.Run, ct)),
            .. probes.Values.Select(probe =>
                background.Loop($"disk of {probe.Server.Name}", token => disks.Run(probe, token), ct)
            ),
            background.Loop("decisions", Loop, ct),
            background.Loop("fence", CheckFence, ct),
            background.Loop("lag", token => lag.Run(StandbyToHold, token), ct),
            background.Loop("timeline of the last failover", NoteTimeline, ct),
            background.Loop("lost orders", losses.Collect, ct),
        ]);
        foreach (var probe in probes.Values)
        {
            await probe.DisposeAsync();
        }
    }

    private async Task Loop(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            woken = NotWoken();
            while (inbox.TryDequeue(out var heard))
            {
                await Take(heard, ct);
            }

            await TakeWish(ct);
            await Take(Look(), ct);
            await woken
                .Task.WaitAsync(state.Pause, clock.Time, ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Input.Look Look()
    {
        if (probes.TryGetValue(ServerNames.Second, out var second))
        {
            second.IsIdle = state.IsAlone;
        }

        return new(
            clock.Now,
            new(probes[ServerNames.First].State, second?.State ?? ProbeState.Unknown),
            new(disks.FullFor(ServerNames.First), disks.FullFor(ServerNames.Second)),
            lag.IsActive
        );
    }

    /// <summary>One input, and all that follows from it.</summary>
    /// <returns>Null; or why an effect could not be done. Those after it were not begun.</returns>
    private async Task<string?> Take(Input input, CancellationToken ct)
    {
        (state, var effects) = PairMachine.Step(state, input);
        foreach (var effect in effects)
        {
            try
            {
                await Execute(effect, ct);
            }
            catch (Exception error)
                when (!ct.IsCancellationRequested
                    && error
                        is NpgsqlException
                            or HttpRequestException
                            or OperationCanceledException
                            or TimeoutException
                            or IOException
                            or UnauthorizedAccessException
                            or FenceException
                            or ServiceUnavailableException
                )
            {
                journal.NoteFailure(state.LastRule, error);
                (state, _) = PairMachine.Step(
                    state,
                    new Input.Failed(clock.Now, effect, error.Message, effect is Effect.Fence && IsHostGone(error))
                );
                return error.Message;
            }

            if (await Take(new Input.Done(clock.Now, effect), ct) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static bool IsHostGone(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}
