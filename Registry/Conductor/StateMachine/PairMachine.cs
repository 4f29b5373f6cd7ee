using System.Collections.Immutable;

namespace Registry.Conductor.StateMachine;

/// <summary>
/// The conductor as a pure function: what is so and what has happened in, the next state and what is to be done out. The state
/// follows what was done, not what is to be done: an effect counts with its <see cref="Input.Done"/>.
/// <c>PairMachine.Actions.cs</c> says what each action is made of.
/// </summary>
internal static partial class PairMachine
{
    /// <summary>The pause while the primary is silent: nobody can buy, and how long it lasts decides.</summary>
    private static readonly TimeSpan MaxPauseWhenSilent = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    /// <summary>A person's wish to promote is forgotten when it cannot be met for this long.</summary>
    private static readonly TimeSpan ForceLasts = TimeSpan.FromSeconds(15);

    /// <summary>Pause after a switch-over, which the host may have refused.</summary>
    private static readonly TimeSpan SwitchOverPause = TimeSpan.FromSeconds(1);

    /// <summary>Takes one input.</summary>
    public static (ConductorState State, ImmutableArray<Effect> Effects) Step(ConductorState state, Input input) =>
        input switch
        {
            Input.Look look => state.Stop is { } stop ? (state, Stopped(state, stop, look.Now)) : Decide(state, look),
            Input.Done done => Finish(state, done.Effect, done.Now),
            Input.Failed failed => (Fail(state, failed), []),
            Input.JobEnded ended => EndJob(state, ended),
            Input.HostSeen seen => (state with { CanFence = seen.IsThere }, []),
            Input.ModeWanted wanted => (state, BeginChange(state, wanted)),
            Input.Forced forced => (Force(state, forced), []),
            Input.SwitchOverEnded => (state with { SwitchOverUntil = input.Now + SwitchOverPause }, []),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, "no such input"),
        };

    /// <summary>
    /// One wish is one promotion: a second press that is heard once the first was met names a server that is primary already.
    /// Where nothing is decided, a decision waits until it can be written down.
    /// </summary>
    private static ConductorState Force(ConductorState state, Input.Forced forced) =>
        state.Stop is not null ? state with { ForcedUntil = DateTimeOffset.MaxValue }
        : string.Equals(forced.Server, ServerNames.Other(state.Primary), StringComparison.Ordinal)
            ? state with
            {
                ForcedUntil = forced.Now + ForceLasts,
                ForceMayLose = forced.MayLose,
            }
        : state;

    private static (ConductorState State, ImmutableArray<Effect> Effects) Decide(ConductorState state, Input.Look look)
    {
        (state, var facts) = Gather(state, look);
        var rule = Rules.Decide(facts);
        var told = ImmutableArray.CreateBuilder<Effect>();
        told.Add(new Effect.Publish(facts));
        if (state.LastRule != rule)
        {
            told.Add(new Effect.NoteRule(rule, state.Persisted.Term));
        }

        told.Add(new Effect.Show(facts, rule));
        var isServing = facts.Primary.IsWritable && !facts.IsForced;
        var pause = facts.Primary.Reach is Reach.Silent ? MaxPauseWhenSilent : ConductorState.MaxPause;
        var next = state with { LastRule = rule, Pause = pause, Promoted = null };
        if (state.Promoted is { } promoted)
        {
            // Clients first; if the file cannot be written, rule 4 finds the same again after a restart.
            var (term, to) = (state.Persisted.Term, state.Persisted.Primary);
            told.Add(
                new Effect.Tell(state.Failover.Finish(term, promoted.From, to, promoted.At, look.Now), promoted.At)
            );
            told.AddRange(Write(state, state.Persisted));
            return (next with { Failover = default }, told.DrainToImmutable());
        }

        next = next with { Failover = isServing ? default : state.Failover };
        (next, var effects) = Act(next, rule.Action, facts, look);
        told.AddRange(effects);
        return (next, told.DrainToImmutable());
    }

    private static (ConductorState State, Facts Facts) Gather(ConductorState state, Input.Look look)
    {
        var (name, now) = (state.Primary, look.Now);
        var says = look.Probes[name];
        var fencedAt =
            says.Reach is Reach.Answers or Reach.Starting && says.LastAnswerAt > state.FencedAt ? null : state.FencedAt;
        state = state with
        {
            FencedAt = fencedAt,
            Silences = new(
                state.Silences.First.Observe(look.Probes.First, now),
                state.Silences.Second.Observe(look.Probes.Second, now)
            ),
            Jobs = new(
                look.Probes.First.Reach is Reach.Answers ? state.Jobs.First.Answered() : state.Jobs.First,
                look.Probes.Second.Reach is Reach.Answers ? state.Jobs.Second.Answered() : state.Jobs.Second
            ),
        };
        var primary = Facts(state, look, name);
        var second = ServerNames.Other(name);
        var other = state.IsAlone ? null : Facts(state, look, second);
        var watch = state.Watch.Observe(primary, says, other, look.Probes[second].Answer, now);
        var facts = new Facts(
            state.Mode,
            state.Settings.Policy,
            state.Persisted,
            primary,
            other,
            watch.Facts,
            fencedAt is not null,
            state.CanFence,
            IsForced: false,
            look.IsLagInjected,
            name is ServerNames.First
        );
        // Basic mode has the first server alone: on the way to it or from it nobody takes its place.
        var isForced =
            now < state.ForcedUntil
            && state.Mode is not StorageMode.Basic
            && (state.ForceMayLose || facts.IsOtherPromotable);
        return (state with { Watch = watch }, facts with { IsForced = isForced });
    }

    private static ServerFacts Facts(ConductorState state, Input.Look look, string name)
    {
        var (probe, jobs) = (look.Probes[name], state.Jobs[name]);
        return new(
            name,
            probe.Reach,
            probe.RefusedInARow,
            state.Silences[name].Length,
            probe.Answer?.IsInRecovery ?? false,
            jobs.IsBusy(look.Now),
            jobs.StartsFailed(look.Now),
            look.FullFor[name],
            probe.LastAnswerAt is not null
        );
    }

    /// <summary>Nothing is decided until a person has; the decision counts once it is on disk.</summary>
    private static ImmutableArray<Effect> Stopped(ConductorState state, ConductorStop stop, DateTimeOffset now) =>
        [
            new Effect.ShowStop(state.Persisted, stop.Why),
            .. now < state.ForcedUntil ? Write(state, state.Persisted.Lead(ServerNames.First)) : [],
        ];

    private static ImmutableArray<Effect> BeginChange(ConductorState state, Input.ModeWanted wanted)
    {
        if (ModeChange.Refusal(wanted.Mode, state) is { } why)
        {
            return [new Effect.Refuse(why)];
        }

        var next = ModeChange.Begin(wanted.Mode, state.Persisted, wanted.Now);
        return next == state.Persisted
            ? Write(state, next)
            :
            [
                .. Write(state, next),
                new Effect.Note(
                    $"Storage mode {ModeChange.Word(wanted.Mode)} is wanted",
                    $"in force: {ModeChange.Word(state.Mode)}"
                ),
                new Effect.EndLag(),
            ];
    }

    /// <summary>What is written already is not written again.</summary>
    private static ImmutableArray<Effect> Write(ConductorState state, PersistedState next) =>
        next == state.Written ? [] : [new Effect.Persist(next)];
}
