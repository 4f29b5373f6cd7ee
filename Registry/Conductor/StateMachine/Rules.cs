using System.Collections.Immutable;

namespace Registry.Conductor.StateMachine;

/// <summary>One row of the table.</summary>
/// <param name="Number">Its number, which is logged and shown.</param>
/// <param name="Name">When it applies, in words.</param>
/// <param name="Action">What it tells to do.</param>
/// <param name="Applies">When it applies.</param>
internal sealed record Rule(int Number, string Name, Action Action, Func<Facts, bool> Applies);

/// <summary>The conductor's whole judgement: the first rule that applies decides. docs/failover.md shows it.</summary>
internal static partial class Rules
{
    /// <summary>The table in its order.</summary>
    public static ImmutableArray<Rule> Table { get; } =
    [
        // Who is who, after a start of the conductor.
        new(1, "A server was not probed yet", Action.Wait, IsUnprobed),
        new(
            2,
            "No primary is persisted yet, one server takes writes",
            Action.Adopt,
            f => f.Persisted.Term == 0 && HasOneWritable(f)
        ),
        new(
            3,
            "No primary is persisted yet, and not one server that takes writes",
            Action.Wait,
            f => f.Persisted.Term == 0
        ),
        // A promotion that was begun is finished, by whichever conductor.
        new(4, "Promotion begun, it has happened", Action.CompletePromotion, f => f.IsPending && f.Other!.IsWritable),
        new(
            5,
            "Promotion begun, the old primary not fenced, nobody can fence",
            Action.AskPerson,
            f => f.IsPending && !f.IsPrimaryFenced && !f.CanFence
        ),
        new(
            6,
            "Promotion begun, the old primary not fenced",
            Action.FencePrimary,
            f => f.IsPending && !f.IsPrimaryFenced
        ),
        new(7, "Promotion begun, the old primary fenced", Action.Promote, f => f.IsPending && f.Other!.IsStandby),
        new(
            8,
            "Promotion begun, the new primary is not ready",
            Action.Wait,
            f => f.IsPending && (!f.Other!.IsDown || f.Other.IsBusy)
        ),
        new(9, "Promotion begun, the new primary is down", Action.StartOther, f => f.IsPending),
        // Never two that take writes.
        new(
            10,
            "The primary is a standby, the other takes writes",
            Action.Adopt,
            f => f.Primary.IsStandby && f.Other is { IsWritable: true }
        ),
        new(
            11,
            "A second server takes writes, nobody can fence",
            Action.AskPerson,
            f => f.Other is { IsWritable: true } && !f.CanFence && !(f.IsPrimaryFenced && HasTakenThePlace(f))
        ),
        new(
            12,
            "A second server takes writes",
            Action.FenceOther,
            f => f.Other is { IsWritable: true } && !HasTakenThePlace(f)
        ),
        // A person's decision.
        new(
            13,
            "A person promotes, nobody can fence",
            Action.AskPerson,
            f => f.IsForced && !f.CanFence && !f.IsPrimaryFenced
        ),
        new(
            14,
            "A person promotes, the primary not fenced",
            Action.FencePrimary,
            f => f.IsForced && f.Other is { IsStandby: true, IsBusy: false } && !f.IsPrimaryFenced
        ),
        new(
            15,
            "A person promotes, the primary fenced",
            Action.BeginPromotion,
            f => f.IsForced && f.Other is { IsStandby: true, IsBusy: false }
        ),
        // The primary does not serve.
        new(16, "Both servers are standbys", Action.AskPerson, f => f.Primary.IsStandby),
        new(17, "The primary is being started", Action.Wait, f => !f.Primary.IsWritable && f.Primary.IsBusy),
        new(
            18,
            "The primary is suspect, or starting",
            Action.Wait,
            f => !f.Primary.IsWritable && !f.IsPrimaryDown && !f.IsPrimaryFenced
        ),
        new(
            19,
            "The primary is down, nobody can fence",
            Action.AskPerson,
            f => !f.Primary.IsWritable && !f.CanFence && !IsPromotionLeft(f)
        ),
        new(
            20,
            "The primary is down, not fenced",
            Action.FencePrimary,
            f => !f.Primary.IsWritable && !f.IsPrimaryFenced
        ),
        new(
            21,
            "The primary is dead, the other promotable",
            Action.BeginPromotion,
            f => !f.Primary.IsWritable && f.IsOtherPromotable && f.Other is { IsStandby: true } or { IsWritable: true }
        ),
        new(
            22,
            "The primary is dead, the promotable other is suspect",
            Action.Wait,
            f =>
                !f.Primary.IsWritable
                && f is { IsOtherPromotable: true, Other: { Reach: Reach.Silent or Reach.Refused, IsDown: false } }
        ),
        new(
            23,
            "The primary is dead, the other not promotable",
            Action.StartPrimary,
            f => !f.Primary.IsWritable && f.Primary.StartsFailed < Limits.MaxStarts
        ),
        new(24, "The primary is dead and cannot be started", Action.AskPerson, f => !f.Primary.IsWritable),
        new(
            25,
            "The primary has no room for 5 s, the other is promotable and has",
            Action.FencePrimary,
            HasRoomElsewhere
        ),
        // The primary serves, and a mode that promises less is wanted: first the promise is taken back, then writes are let go.
        new(
            26,
            "Asynchronous is wanted in place of synchronous",
            Action.TakeMode,
            f => f is { Wanted: StorageMode.Asynchronous, Mode: StorageMode.Synchronous }
        ),
        new(
            27,
            "Basic is wanted, the first server leads",
            Action.TakeMode,
            f => f is { Wanted: StorageMode.Basic, Mode: not StorageMode.Basic, IsFirstPrimary: true }
        ),
        new(28, "Basic is wanted, the second server leads, the first is in sync", Action.SwitchOver, MayGiveWay),
        new(
            29,
            "Writes wait for a standby in a mode without one",
            Action.GoOnAlone,
            f =>
                f.Mode is not StorageMode.Synchronous
                && f.Standby.IsNamed
                && !(f.Wanted is StorageMode.Synchronous && f.Standby.IsStreaming)
        ),
        new(
            30,
            "Basic is in force, the second server runs, nobody can stop it",
            Action.AskPerson,
            f => IsSecondLeft(f) && !f.CanFence
        ),
        new(
            31,
            "Basic is in force, the second server runs",
            Action.StopOther,
            f => IsSecondLeft(f) && !f.Other!.IsBusy
        ),
        new(
            32,
            "Basic is in force, the second server is stopped",
            Action.CompleteChange,
            f =>
                f is { Wanted: StorageMode.Basic, Mode: StorageMode.Basic, Other: not { IsBusy: true } }
                && !IsSecondLeft(f)
        ),
        // The primary serves: what of the other?
        new(33, "The primary serves alone", Action.Wait, f => f.Other is null),
        new(34, "The standby is gone for 5 s, policy available", Action.GoOnAlone, IsStandbyGone),
        new(
            35,
            "Nobody waits for the standby that is marked promotable",
            Action.MarkNotPromotable,
            f => f is { Mode: StorageMode.Synchronous, IsOtherPromotable: true, Standby.IsNamed: false }
        ),
        new(
            36,
            "The replica is too far behind",
            Action.MarkNotPromotable,
            f => f is { Mode: StorageMode.Asynchronous, IsOtherPromotable: true, IsLagAllowed: false }
        ),
        new(37, "The other is being started or copied", Action.Wait, f => f.Other!.IsBusy),
        new(
            38,
            "The other needs help, nobody can help",
            Action.AskPerson,
            f => !f.CanFence && (f.IsRebuildDue || f.Other!.IsDown || IsStuck(f))
        ),
        new(39, "The other's data are of an earlier term", Action.RebuildOther, f => f.IsRebuildDue),
        new(
            40,
            "The other is silent for 30 s",
            Action.FenceOther,
            f => f.Other is { Reach: Reach.Silent } && f.Other.SilentFor >= Limits.WaitForSilentStandby
        ),
        new(
            41,
            "The other refuses connections",
            Action.StartOther,
            f => f.Other is { Reach: Reach.Refused, IsDown: true, StartsFailed: < Limits.MaxStarts }
        ),
        new(
            42,
            "The other cannot be started",
            Action.RebuildOther,
            f => f.Other is { Reach: Reach.Refused, IsDown: true }
        ),
        new(43, "The other answers, but does not stream for 10 s", Action.RebuildOther, IsStuck),
        new(
            44,
            "The other does not stream yet",
            Action.Wait,
            f => !f.Standby.IsStreaming && (f.Target is StorageMode.Synchronous || f.Mode is StorageMode.Basic)
        ),
        // Bringing it in sync, in this order.
        new(
            45,
            "Asynchronous is wanted, the standby is near enough",
            Action.TakeMode,
            f =>
                f
                    is {
                        Wanted: StorageMode.Asynchronous,
                        IsLagAllowed: true,
                        Standby.IsReplayNear: true,
                        Other.IsStandby: true
                    }
        ),
        new(
            46,
            "Asynchronous is wanted, the standby is not near enough",
            Action.Wait,
            f => f.Wanted is StorageMode.Asynchronous
        ),
        new(
            47,
            "Asynchronous, the replica is near enough",
            Action.MarkPromotable,
            f =>
                f
                    is {
                        Mode: StorageMode.Asynchronous,
                        IsOtherPromotable: false,
                        IsLagAllowed: true,
                        Other.IsStandby: true
                    }
        ),
        new(
            48,
            "Asynchronous, steady",
            Action.Wait,
            f => f is { Mode: StorageMode.Asynchronous, Wanted: not StorageMode.Synchronous }
        ),
        new(
            49,
            "The standby streams, writes do not wait for it",
            Action.NameStandby,
            f => !f.Standby.IsNamed || f.Standby.IsWaitDoubted
        ),
        new(50, "The standby is named, the wait is not active", Action.Wait, f => !f.Standby.IsSyncActive),
        new(
            51,
            "The wait is active, its mark not replayed",
            Action.Wait,
            f => !f.Standby.HasReplayedMark && (f.Wanted is StorageMode.Synchronous || !f.IsOtherPromotable)
        ),
        new(
            52,
            "Synchronous is wanted, the standby has replayed the mark",
            Action.TakeMode,
            f => f.Wanted is StorageMode.Synchronous
        ),
        new(53, "The standby has replayed the mark", Action.MarkPromotable, f => !f.IsOtherPromotable),
        new(54, "In sync", Action.Wait, _ => true),
    ];

    /// <summary>The first rule that applies; the last one always does.</summary>
    public static Rule Decide(Facts facts) => Table.First(rule => rule.Applies(facts));
}
