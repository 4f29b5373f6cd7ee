using System.Globalization;

namespace Registry.Conductor.StateMachine;

/// <summary>The way to another storage mode, as it is shown.</summary>
/// <param name="Wanted"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
/// <param name="Step">What is done, or waited for, just now.</param>
/// <param name="Since">When the mode was wanted.</param>
internal sealed record ModeChangeView(string Wanted, string Step, DateTimeOffset Since);

/// <summary>A change of the storage mode: whether it may begin, what begins it, and where it is. Pure.</summary>
internal static class ModeChange
{
    /// <summary>Why the mode cannot be changed now; null when it can.</summary>
    public static string? Refusal(StorageMode wanted, ConductorState state)
    {
        const string first = ServerNames.First;
        const string second = ServerNames.Second;
        var isNew = wanted != state.Mode;
        var movesServers = isNew && (wanted is StorageMode.Basic || state.Mode is StorageMode.Basic);
        return state.Persisted is { Term: 0 } ? "No primary is known yet; ask again in a moment."
            : state.Persisted.Pending is { } next ? $"{next} is just being made the primary; ask again in a moment."
            : isNew && !state.Settings.IsPaired
                ? $"No second server is wired to this registry, so there is no mode but {Word(state.Mode)}."
            : movesServers && !state.CanFence
                ? $"The host, which would {(wanted is StorageMode.Basic ? "stop" : "start")} {second}, does not answer."
            : wanted is StorageMode.Basic && state is { Mode: StorageMode.Asynchronous, Primary: not first }
                ? $"{second} leads, and basic mode has {first} alone. An asynchronous standby may lack orders, so it is not "
                    + "made the primary by this. Change to synchronous first, or switch over (POST /conductor/switchover)."
            : null;
    }

    /// <summary>
    /// What is to be persisted when the mode is wanted. The mode in force ends a change that is on its way; where that was a way
    /// out of basic mode, the second server is stopped again.
    /// </summary>
    /// <param name="wanted">A mode that was not refused.</param>
    /// <param name="persisted">What is decided so far.</param>
    /// <param name="now">The time.</param>
    public static PersistedState Begin(StorageMode wanted, PersistedState persisted, DateTimeOffset now) =>
        wanted == persisted.Wanted || (persisted.Wanted is null && wanted == persisted.Mode) ? persisted
        : wanted == persisted.Mode && wanted is not StorageMode.Basic
            ? persisted with
            {
                Wanted = null,
                WantedSince = null,
            }
        : persisted with
        {
            Wanted = wanted,
            WantedSince = now,
            // What the second server has is of before basic mode.
            Rebuild =
                persisted.Mode is StorageMode.Basic && wanted is not StorageMode.Basic
                    ? ServerNames.Second
                    : persisted.Rebuild,
        };

    /// <summary>The way there; null where there is none.</summary>
    public static ModeChangeView? View(Facts facts) =>
        facts.Wanted is { } wanted ? new(Word(wanted), Step(facts), facts.Persisted.WantedSince ?? default) : null;

    /// <summary>A mode as it is written on the wire.</summary>
    public static string Word(StorageMode mode) => mode.ToString().ToLowerInvariant();

    private static string Step(Facts facts) =>
        !facts.Primary.IsWritable ? "waits for a primary that takes writes"
        : facts.Other is not { } other ? "no other server is in the way"
        : facts.Wanted is StorageMode.Basic ? ToBasic(facts, other)
        : ToPair(facts, other);

    private static string ToBasic(Facts facts, ServerFacts other) =>
        facts.Mode is StorageMode.Basic
            ? other.IsBusy
                ? $"waits for {other.Name}, which is being started, copied or stopped"
                : facts.CanFence
                    ? $"stops {other.Name}"
                    : $"waits for the host, which would stop {other.Name}"
            : facts.IsFirstPrimary
                ? $"leaves {other.Name}"
                : facts.Mode is StorageMode.Asynchronous
                    ? $"waits until {other.Name} leads: POST /conductor/switchover, or change to synchronous first"
                    : facts.IsOtherPromotable
                    && facts.Standby is { IsNamed: true, IsStreaming: true, IsReplayNear: true }
                        ? $"switches over to {other.Name}"
                        : $"waits for {other.Name} to be in sync, since it is to lead";

    private static string ToPair(Facts facts, ServerFacts other) =>
        other.IsBusy ? $"{other.Name} is being started or copied"
        : !facts.CanFence && (facts.IsRebuildDue || other.IsDown)
            ? $"waits for the host, which would start {other.Name}"
        : !other.IsStandby || facts.IsRebuildDue ? $"waits for {other.Name}, which {Trouble(other)}"
        : !facts.Standby.IsStreaming ? $"waits for {other.Name}, which does not stream"
        : facts.Wanted is StorageMode.Asynchronous ? Nearing(facts, other)
        : !facts.Standby.IsNamed ? $"writes are about to wait for {other.Name}"
        : !facts.Standby.IsSyncActive ? $"waits for writes to wait for {other.Name}"
        : $"waits for {other.Name} to have everything on its disk";

    private static string Nearing(Facts facts, ServerFacts other) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"waits for {other.Name}, whose replay is {facts.Standby.ReplayBehind?.TotalMilliseconds ?? 0:0} ms behind"
        );

    private static string Trouble(ServerFacts server) =>
        server.Reach switch
        {
            Reach.Answers => "is to be a fresh copy",
            Reach.Unknown => "was not probed yet",
            Reach.Starting => "is starting",
            Reach.Damaged => "cannot read its own files",
            Reach.Refused => "refuses connections",
            _ => "is silent",
        };
}
