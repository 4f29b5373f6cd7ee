namespace Registry.Conductor.StateMachine;

/// <summary>The longer conditions of the table.</summary>
internal static partial class Rules
{
    /// <summary>A server's first probe is still out: at most its timeout.</summary>
    private static bool IsUnprobed(Facts facts) =>
        facts.Primary.Reach is Reach.Unknown || facts.Other is { Reach: Reach.Unknown };

    private static bool HasOneWritable(Facts facts) => facts.Primary.IsWritable != (facts.Other?.IsWritable ?? false);

    /// <summary>The host let a server lead that has all: once the primary is fenced, a promotion that has happened.</summary>
    private static bool HasTakenThePlace(Facts facts) =>
        facts is { IsOtherPromotable: true, Primary.IsWritable: false };

    /// <summary>The primary is proven dead: what is left needs no host, or a moment's patience.</summary>
    private static bool IsPromotionLeft(Facts facts) =>
        facts
            is { IsPrimaryFenced: true, IsOtherPromotable: true, Other: { Reach: not Reach.Starting, IsDown: false } };

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

    /// <summary>The planned change of primary that loses nothing: the standby is in sync, and stays so until the end.</summary>
    private static bool MayGiveWay(Facts facts) =>
        facts
            is {
                Wanted: StorageMode.Basic,
                Mode: StorageMode.Synchronous,
                IsOtherPromotable: true,
                CanFence: true,
                Other: { IsStandby: true, IsBusy: false },
                Standby: { IsNamed: true, IsStreaming: true, IsReplayNear: true }
            };

    private static bool IsSecondLeft(Facts facts) =>
        facts is { Wanted: StorageMode.Basic, Mode: StorageMode.Basic, Other: not null }
        && facts.Other is not { Reach: Reach.Refused, IsDown: true };

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
