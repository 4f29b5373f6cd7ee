using System.Collections.Immutable;

namespace Registry.Conductor.StateMachine;

/// <summary>What each action is made of, and what follows when a part of it is done.</summary>
internal static partial class PairMachine
{
    private static (ConductorState State, ImmutableArray<Effect> Effects) Act(
        ConductorState state,
        Action action,
        Facts facts,
        Input.Look look
    )
    {
        var (persisted, primary) = (state.Persisted, facts.Primary.Name);
        var other = ServerNames.Other(primary);
        return action switch
        {
            Action.FencePrimary => (
                state with
                {
                    Failover = state.Failover.Detected(look.Probes[primary].LastAnswerAt, facts.Standby, look.Now),
                },
                [new Effect.Fence(primary)]
            ),
            Action.CompletePromotion => (Complete(state, look.Now), []),
            Action.SwitchOver => (state, look.Now < state.SwitchOverUntil ? [] : [new Effect.SwitchOver(primary)]),
            // A promotion that could not be written down may be on disk: the next conductor must not go on with it.
            Action.StartPrimary => (state, [.. Write(state, persisted), new Effect.Start(primary)]),
            Action.StartOther => (state, [new Effect.Start(other)]),
            Action.StopOther => (state, [new Effect.Stop(other)]),
            Action.NameStandby => (state, [new Effect.WaitForStandby(primary, other)]),
            Action.Promote => (state, [.. Prepare(facts, look), new Effect.Promote(other)]),
            Action.FenceOther => (
                state,
                [
                    .. Write(state, Distrust(persisted, facts.Other!.IsWritable ? other : persisted.Rebuild)),
                    new Effect.Fence(other),
                ]
            ),
            Action.RebuildOther => (
                state,
                [.. Write(state, Distrust(persisted, other)), new Effect.Rejoin(other, primary)]
            ),
            // In this order: a crash in between leaves writes waiting, never a standby that lacks them promotable.
            Action.GoOnAlone => (
                state,
                [.. Write(state, persisted with { Promotable = null }), new Effect.WaitForStandby(primary, null)]
            ),
            Action.Adopt => (state, Write(state, persisted.Lead(facts.Primary.IsWritable ? primary : other))),
            Action.BeginPromotion => (state, Write(state, persisted.Begin(other))),
            Action.MarkPromotable => (state, Write(state, persisted with { Promotable = other })),
            Action.MarkNotPromotable => (state, Write(state, persisted with { Promotable = null })),
            Action.TakeMode => (state, Write(state, persisted.TakeWanted(facts.Other?.Name))),
            Action.CompleteChange => (state, Write(state, persisted with { Wanted = null, WantedSince = null })),
            // What could not be written is, when nothing else is to be done.
            Action.Wait when persisted.Term > 0 => (state, Write(state, persisted)),
            _ => (state, []),
        };
    }

    private static PersistedState Distrust(PersistedState persisted, string? rebuild) =>
        persisted with
        {
            Promotable = null,
            Rebuild = rebuild,
        };

    /// <summary>
    /// Under the policy strict no write is acknowledged before the standby is back; under the other none may wait for a name that
    /// came along with the copy.
    /// </summary>
    private static ImmutableArray<Effect> Prepare(Facts facts, Input.Look look)
    {
        var (old, next) = (facts.Primary.Name, facts.Other!.Name);
        var isStrict = facts is { Mode: StorageMode.Synchronous, Policy: StandbyPolicy.Strict };
        return isStrict || look.Probes[next].Answer is { IsNamed: true }
            ? [new Effect.WaitForStandby(next, isStrict ? old : null)]
            : [];
    }

    private static ConductorState Complete(ConductorState state, DateTimeOffset now) =>
        state.Take(state.Persisted.Complete(), now) with
        {
            FencedAt = null,
            Promoted = new(state.Persisted.Primary, now),
            Pause = TimeSpan.Zero,
        };

    private static (ConductorState State, ImmutableArray<Effect> Effects) Finish(
        ConductorState state,
        Effect effect,
        DateTimeOffset now
    ) =>
        effect switch
        {
            Effect.Persist done => Persisted(state, done.State, now),
            Effect.Fence done when IsPrimary(state, done.Server) => (
                state with
                {
                    FencedAt = now,
                    Failover = state.Failover with { FencedAt = now },
                    Pause = TimeSpan.Zero,
                },
                [new Effect.Note($"{done.Server} was fenced", "its processes are gone")]
            ),
            Effect.Promote => (Complete(state, now), []),
            Effect.Start begun => (Doubt(Begin(state, begun.Server, JobKind.Start, now), begun, now), []),
            Effect.Rejoin begun => (Begin(state, begun.Server, JobKind.FreshCopy, now), []),
            Effect.Stop begun => (Begin(state, begun.Server, JobKind.Stop, now), []),
            Effect.SwitchOver => (state with { SwitchOverUntil = DateTimeOffset.MaxValue }, []),
            Effect.WaitForStandby { Standby: not null } done when IsPrimary(state, done.Server) => (
                state with
                {
                    Watch = state.Watch.Told(),
                    Pause = ConductorState.MaxPause,
                },
                []
            ),
            Effect.Fence or Effect.WaitForStandby => (
                Doubt(state, effect, now) with
                {
                    Pause = ConductorState.MaxPause,
                },
                []
            ),
            _ => (state, []),
        };

    private static (ConductorState State, ImmutableArray<Effect> Effects) Persisted(
        ConductorState state,
        PersistedState written,
        DateTimeOffset now
    )
    {
        var next = state.Take(written, now) with { Written = written, Pause = TimeSpan.Zero };
        return state.Stop is null
            ? (next, [])
            : (
                next with
                {
                    Stop = null,
                    ForcedUntil = default,
                },
                [new Effect.Note($"A person takes {written.Primary} as it is", $"term {written.Term}")]
            );
    }

    private static ConductorState Begin(ConductorState state, string server, JobKind kind, DateTimeOffset now) =>
        state with
        {
            Jobs = state.Jobs.With(server, state.Jobs[server].Begin(kind, state.Persisted.Term, now)),
            Pause = ConductorState.MaxPause,
        };

    /// <summary>A copy counts when the primary that it was made from still is primary, in the same term.</summary>
    private static (ConductorState State, ImmutableArray<Effect> Effects) EndJob(
        ConductorState state,
        Input.JobEnded ended
    )
    {
        var job = state.Jobs[ended.Server];
        var isCopied =
            job.Running is JobKind.FreshCopy
            && ended.Outcome is JobOutcome.Done
            && job.Term == state.Persisted.Term
            && string.Equals(state.Persisted.Rebuild, ended.Server, StringComparison.Ordinal);
        return (
            state with
            {
                Jobs = state.Jobs.With(ended.Server, job.End(ended.Outcome, ended.Now)),
            },
            isCopied ? Write(state, state.Persisted with { Rebuild = null }) : []
        );
    }

    /// <summary>All is as before, but for what nobody knows now: whether it was written.</summary>
    private static ConductorState Fail(ConductorState state, Input.Failed failed)
    {
        var isUnwritten = failed.Effect is Effect.Persist;
        return Doubt(state, failed.Effect, failed.Now) with
        {
            Pause = PauseAfterFailure,
            CanFence = state.CanFence && !failed.IsHostGone,
            Written = isUnwritten ? null : state.Written,
            Stop =
                isUnwritten && state.Stop is { } stop
                    ? stop with
                    {
                        Why = $"What a person decided cannot be written down yet: {failed.Why}",
                    }
                    : state.Stop,
        };
    }

    /// <summary>What holds no longer once an effect is done; what failed may have been done.</summary>
    private static ConductorState Doubt(ConductorState state, Effect effect, DateTimeOffset now) =>
        effect switch
        {
            Effect.WaitForStandby { Standby: null } done when IsPrimary(state, done.Server) => state with
            {
                Watch = state.Watch.LetGo(now),
            },
            // From here on it is no longer proven dead.
            Effect.Start done when IsPrimary(state, done.Server) => state with { FencedAt = null },
            _ => state,
        };

    private static bool IsPrimary(ConductorState state, string server) =>
        string.Equals(state.Primary, server, StringComparison.Ordinal);
}
