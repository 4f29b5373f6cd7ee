using System.Collections.Immutable;
using Registry.Conductor.StateMachine;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>A pure conductor, or one that is broken on purpose.</summary>
internal delegate (ConductorState State, ImmutableArray<Effect> Effects) ConductorStep(
    ConductorState state,
    Input input
);

/// <summary>
/// Does in the simulated world what the runner does in the real one. Its process may end before and after each effect, and then
/// only the disk is left; an effect may fail, or be done and said to have failed.
/// </summary>
internal sealed class SimulatedConductor(
    SimulatedPair pair,
    SimulatedHost host,
    PairSettings settings,
    ConductorStep step,
    System.Action<long> pass
)
{
    private readonly Queue<Input> inbox = new();
    private ConductorState state = new(settings, pair.Disk, canFence: true, SimulatedPair.At(pair.Now));
    private readonly int luck = 4 + pair.Chance.Next(40);
    private bool isForced;
    private bool hasEnded;

    /// <summary>Effects are left undone, and answers are lost; processes end.</summary>
    public bool IsUnlucky { get; set; }

    /// <summary>The boundary of effects at which the process ends, counted from the start; null for chance.</summary>
    public int? EndsAt { get; init; }

    /// <summary>Boundaries so far.</summary>
    public int Boundaries { get; private set; }

    public int LastRule => state.LastRule?.Number ?? 0;

    public bool IsAlone => state.IsAlone;

    /// <summary>One that has ended knows nothing of what the host was about, and basic mode has nobody look after it.</summary>
    public bool HasRestarted { get; private set; }

    /// <summary>Everything but the disk is gone.</summary>
    public void Restart()
    {
        HasRestarted = true;
        pair.Say("the conductor restarts");
        inbox.Clear();
        host.Forget();
        pair.First.ForgetProbe();
        pair.Second.ForgetProbe();
        state = new(settings, pair.Disk, canFence: true, SimulatedPair.At(pair.Now));
        (isForced, hasEnded) = (false, false);
    }

    public void Force()
    {
        isForced = true;
        inbox.Enqueue(new Input.Forced(Time, ServerNames.Other(state.Primary), MayLose: true));
    }

    public void Want(StorageMode mode) => inbox.Enqueue(new Input.ModeWanted(Time, mode));

    public void SeeHost() => inbox.Enqueue(new Input.HostSeen(Time, host.IsThere));

    /// <summary>What came, then one look.</summary>
    /// <returns>The pause until the next one.</returns>
    public long Work()
    {
        while (!hasEnded && inbox.TryDequeue(out var input))
        {
            Take(input);
        }

        if (!hasEnded)
        {
            Take(
                new Input.Look(
                    Time,
                    new(pair.First.Probe, state.IsAlone ? ProbeState.Unknown : pair.Second.Probe),
                    new(FullFor(pair.First), FullFor(pair.Second)),
                    IsLagInjected: false
                )
            );
        }

        if (!hasEnded)
        {
            return (long)state.Pause.TotalMilliseconds;
        }

        pair.Say("the conductor ends");
        pass(pair.Chance.Next(300));
        if (IsUnlucky && pair.Chance.Next(3) == 0)
        {
            pair[state.Primary].Die();
        }

        pass(pair.Chance.Next(3000));
        Restart();
        return 0;
    }

    private DateTimeOffset Time => SimulatedPair.At(pair.Now);

    private TimeSpan? FullFor(SimulatedServer server) =>
        server.FullSince is { } since ? TimeSpan.FromMilliseconds(pair.Now - since) : null;

    /// <summary>As the runner does.</summary>
    /// <returns>False when an effect failed, or the process has ended.</returns>
    private bool Take(Input input)
    {
        (state, var effects) = step(state, input);
        foreach (var effect in effects)
        {
            if (Ends(effect))
            {
                return false;
            }

            var isDone = Execute(effect);
            if (Ends(effect))
            {
                return false;
            }

            if (!isDone)
            {
                var isHostGone = effect is Effect.Fence && !host.IsThere;
                (state, _) = step(state, new Input.Failed(Time, effect, "failed", isHostGone));
                return false;
            }

            if (!Take(new Input.Done(Time, effect)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the process ends at this boundary of an effect.</summary>
    private bool Ends(Effect effect)
    {
        if (IsAct(effect))
        {
            Boundaries++;
            hasEnded = EndsAt is { } end ? Boundaries == end : IsUnlucky && pair.Chance.Next(luck) == 0;
        }

        return hasEnded;
    }

    private static bool IsAct(Effect effect) =>
        effect
            is Effect.Persist
                or Effect.Fence
                or Effect.WaitForStandby
                or Effect.Promote
                or Effect.Start
                or Effect.Rejoin
                or Effect.Stop
                or Effect.SwitchOver;

    /// <summary>Does it, or does it not; and says so, or not.</summary>
    /// <returns>False when it is said to have failed, whether it was done or not.</returns>
    private bool Execute(Effect effect)
    {
        if (!IsAct(effect))
        {
            if (effect is Effect.Publish { Facts: var facts })
            {
                var leader = new[] { facts.Primary, facts.Other }.OfType<ServerFacts>();
                pair.Published = leader.FirstOrDefault(one => facts.RoleOf(one) is ServerRole.Primary)?.Name;
            }

            return true;
        }

        var isUnlucky = IsUnlucky && pair.Chance.Next(12) == 0;
        pass(pair.Chance.Next(30));
        if (isUnlucky && pair.Chance.Next(2) == 0)
        {
            pair.Say($"not done: {effect}");
            return false;
        }

        var isDone = Do(effect);
        pair.Say($"{(isDone ? "done" : "failed")}: {effect}");
        pass(pair.Chance.Next(30));
        // The host's work is begun, or it is not: how it ends is said later.
        return isDone && (!isUnlucky || effect is Effect.Start or Effect.Rejoin or Effect.Stop or Effect.SwitchOver);
    }

    private bool Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist { State: var next }:
                Promise(next);
                pair.Disk = next;
                return true;
            case Effect.Fence { Server: var server } when host.IsThere:
                host.Kill(pair[server]);
                return true;
            case Effect.WaitForStandby wait:
                return Tell(wait.Server, to => to.WaitFor(wait.Standby, Soon(), Soon()));
            case Effect.Promote { Server: var server }:
                pass(pair.Chance.Next(200));
                return Tell(
                    server,
                    to =>
                    {
                        pair.Promote(to);
                        to.NotePromoted(
                            pair.Answer(to) with
                            {
                                IsInRecovery = false,
                                IsNamed = false,
                                IsStreaming = false,
                            }
                        );
                    }
                );
            case Effect.Start { Server: var server }:
                host.Start(pair[server], outcome => EndJob(server, outcome));
                return true;
            case Effect.Rejoin copy:
                host.Rejoin(pair[copy.Server], pair[copy.Primary], outcome => EndJob(copy.Server, outcome));
                return true;
            case Effect.Stop { Server: var server }:
                host.Stop(pair[server], outcome => EndJob(server, outcome));
                return true;
            case Effect.SwitchOver { Primary: var primary }:
                host.SwitchOver(pair[primary], _ => inbox.Enqueue(new Input.SwitchOverEnded(Time)));
                return true;
            default:
                return false;
        }
    }

    private long Soon() => pair.Now + pair.Chance.Next(150);

    private void EndJob(string server, JobOutcome outcome) => inbox.Enqueue(new Input.JobEnded(Time, server, outcome));

    /// <summary>A server that hangs does what it was told when it goes on, and nobody hears of it.</summary>
    private bool Tell(string name, System.Action<SimulatedServer> what)
    {
        var server = pair[name];
        if (server.Serves(pair.Now) && pair.Now >= server.CutUntil)
        {
            what(server);
            return true;
        }

        if (server.IsRunning && pair.Now < server.HangsUntil)
        {
            server.Unheard.Add(() => what(server));
            pass(2000);
        }

        return false;
    }

    /// <summary>What the promotion that begins here may lose.</summary>
    private void Promise(PersistedState next)
    {
        if (next.Pending is null || string.Equals(next.Pending, pair.Disk.Pending, StringComparison.Ordinal))
        {
            return;
        }

        var isPromotable = string.Equals(state.Persisted.Promotable, next.Pending, StringComparison.Ordinal);
        SimulatedPair.Break(
            !isPromotable && !isForced,
            $"{next.Pending} is to be promoted, is not promotable, and nobody insists"
        );
        pair.IsPromised = isPromotable && next.Mode is StorageMode.Synchronous;
    }
}
