namespace Registry.Conductor;

/// <summary>What a rule tells the conductor to do.</summary>
internal enum Action
{
    /// <summary>Nothing, until the facts change.</summary>
    Wait,

    /// <summary>Nothing that a program may do: a person is needed.</summary>
    AskPerson,

    /// <summary>Take the server that takes writes for the primary, in the first persisted state or the next.</summary>
    Adopt,

    /// <summary>End the primary and see it dead.</summary>
    FencePrimary,

    /// <summary>End the other server and see it dead.</summary>
    FenceOther,

    /// <summary>Write down term + 1 and that the other server is to be primary.</summary>
    BeginPromotion,

    /// <summary>Promote it.</summary>
    Promote,

    /// <summary>It is primary: tell the clients, write it down, checkpoint.</summary>
    CompletePromotion,

    /// <summary>Start the primary's process.</summary>
    StartPrimary,

    /// <summary>Start the other server's process.</summary>
    StartOther,

    /// <summary>Make the other server a fresh copy of the primary.</summary>
    RebuildOther,

    /// <summary>Write down that the other server is not promotable; then let waiting writes go.</summary>
    GoOnAlone,

    /// <summary>Name the standby in <c>synchronous_standby_names</c>.</summary>
    NameStandby,

    /// <summary>Write down that the other server is promotable.</summary>
    MarkPromotable,

    /// <summary>Write down that it is not.</summary>
    MarkNotPromotable,
}

/// <summary>One row of the table.</summary>
/// <param name="Number">Its number, which is logged and shown.</param>
/// <param name="Name">When it applies, in words.</param>
/// <param name="Action">What it tells to do.</param>
/// <param name="Applies">When it applies.</param>
internal sealed record Rule(int Number, string Name, Action Action, Func<Facts, bool> Applies);

/// <summary>The conductor's whole judgement: the first rule that applies decides. docs/failover.md shows it.</summary>
internal static class Rules
{
    /// <summary>The table in its order.</summary>
    public static IReadOnlyList<Rule> Table { get; } =
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
            f => f.Other is { IsWritable: true } && !f.CanFence
        ),
        new(12, "A second server takes writes", Action.FenceOther, f => f.Other is { IsWritable: true }),
        // A person's decision.
        new(13, "A person promotes, nobody can fence", Action.AskPerson, f => f.IsForced && !f.CanFence),
        new(
            14,
            "A person promotes, the primary not fenced",
            Action.FencePrimary,
            f => f.IsForced && f.Other is { IsStandby: true } && !f.IsPrimaryFenced
        ),
        new(
            15,
            "A person promotes, the primary fenced",
            Action.BeginPromotion,
            f => f.IsForced && f.Other is { IsStandby: true }
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
        new(19, "The primary is down, nobody can fence", Action.AskPerson, f => !f.Primary.IsWritable && !f.CanFence),
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
            f => !f.Primary.IsWritable && f.IsOtherPromotable && f.Other!.IsStandby
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
        // The primary serves: what of the other?
        new(
            26,
            "Writes wait for a standby in a mode without one",
            Action.GoOnAlone,
            f => f.Mode is not StorageMode.Synchronous && f.Standby.IsNamed
        ),
        new(27, "The primary serves alone", Action.Wait, f => f.Other is null),
        new(28, "The standby is gone for 5 s, policy available", Action.GoOnAlone, IsStandbyGone),
        new(
            29,
            "Nobody waits for the standby that is marked promotable",
            Action.MarkNotPromotable,
            f => f is { Mode: StorageMode.Synchronous, IsOtherPromotable: true, Standby.IsNamed: false }
        ),
        new(
            30,
            "The replica is too far behind",
            Action.MarkNotPromotable,
            f => f is { Mode: StorageMode.Asynchronous, IsOtherPromotable: true, IsLagAllowed: false }
        ),
        new(31, "The other is being started or copied", Action.Wait, f => f.Other!.IsBusy),
        new(
            32,
            "The other needs help, nobody can help",
            Action.AskPerson,
            f => !f.CanFence && (f.IsRebuildDue || f.Other!.IsDown)
        ),
        new(33, "The other's data are of an earlier term", Action.RebuildOther, f => f.IsRebuildDue),
        new(
            34,
            "The other is silent for 30 s",
            Action.FenceOther,
            f => f.Other is { Reach: Reach.Silent } && f.Other.SilentFor >= Limits.WaitForSilentStandby
        ),
        new(
            35,
            "The other refuses connections",
            Action.StartOther,
            f => f.Other is { Reach: Reach.Refused, IsDown: true, StartsFailed: < Limits.MaxStarts }
        ),
        new(
            36,
            "The other cannot be started",
            Action.RebuildOther,
            f => f.Other is { Reach: Reach.Refused, IsDown: true }
        ),
        new(37, "The other answers, but does not stream for 10 s", Action.RebuildOther, IsStuck),
        new(
            38,
            "The other does not stream yet",
            Action.Wait,
            f => !f.Standby.IsStreaming && f.Mode is StorageMode.Synchronous
        ),
        // Bringing it in sync, in this order.
        new(
            39,
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
        new(40, "Asynchronous, steady", Action.Wait, f => f.Mode is StorageMode.Asynchronous),
        new(41, "The standby streams, writes do not wait for it", Action.NameStandby, f => !f.Standby.IsNamed),
        new(42, "The standby is named, the wait is not active", Action.Wait, f => !f.Standby.IsSyncActive),
        new(
            43,
            "The wait is active, its mark not flushed",
            Action.Wait,
            f => !f.IsOtherPromotable && !f.Standby.HasFlushedMark
        ),
        new(44, "The standby has flushed the mark", Action.MarkPromotable, f => !f.IsOtherPromotable),
        new(45, "In sync", Action.Wait, _ => true),
    ];

    /// <summary>The first rule that applies; the last one always does.</summary>
    public static Rule Decide(Facts facts) => Table.First(rule => rule.Applies(facts));

    /// <summary>A server's first probe is still out: at most its timeout.</summary>
    private static bool IsUnprobed(Facts facts) =>
        facts.Primary.Reach is Reach.Unknown || facts.Other is { Reach: Reach.Unknown };

    private static bool HasOneWritable(Facts facts) => facts.Primary.IsWritable != (facts.Other?.IsWritable ?? false);

    private static bool HasRoomElsewhere(Facts facts) =>
        facts
            is {
                CanFence: true,
                IsPrimaryFenced: false,
                IsOtherPromotable: true,
                Primary.FullFor: { } full,
                Other: { IsStandby: true, IsBusy: false, FullFor: null },
                Standby.IsReplayPaused: false
            }
        && full >= Limits.WaitForRoom;

    private static bool IsStandbyGone(Facts facts) =>
        facts is { Mode: StorageMode.Synchronous, Policy: StandbyPolicy.Available }
        && !facts.Standby.IsStreaming
        && facts.Standby.NotStreamingFor >= Limits.WaitForStandby
        && (facts.IsOtherPromotable || facts.Standby.IsNamed);

    private static bool IsStuck(Facts facts) =>
        facts.Other is { IsStandby: true }
        && !facts.IsLagInjected
        && !facts.Standby.IsStreaming
        && facts.Standby.NotStreamingFor >= Limits.WaitForStreaming;
}
