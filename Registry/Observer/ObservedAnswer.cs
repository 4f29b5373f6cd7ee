using Registry.Conductor.StateMachine;

namespace Registry.Observer;

/// <summary>What a server says of itself to somebody who only observes.</summary>
/// <param name="IsInRecovery">It is a standby.</param>
/// <param name="Position">Log that it has on disk: a primary's own, a standby's received.</param>
/// <param name="Replayed">Log that a standby has replayed; null on a primary.</param>
/// <param name="IsReplayPaused">Somebody has told the standby not to replay.</param>
internal sealed record ObservedAnswer(bool IsInRecovery, long Position, long? Replayed, bool IsReplayPaused)
    : ProbeAnswer(
        IsInRecovery,
        Position,
        IsNamed: false,
        IsStreaming: false,
        IsSyncActive: false,
        StandbyPosition: null,
        Replayed,
        IsReplayPaused
    )
{
    /// <summary>The timeline that it writes or receives.</summary>
    public required long Timeline { get; init; }

    /// <summary>Of the cluster; all copies of one have the same.</summary>
    public required string System { get; init; }

    /// <summary>Its <c>synchronous_standby_names</c>, as a primary.</summary>
    public string SyncNames { get; init; } = "";

    /// <summary>The name under which it streams from its primary, as a standby; null when it does not say.</summary>
    public string? StreamName { get; init; }

    /// <summary>Who streams from it.</summary>
    public IReadOnlyList<ObservedStream> Streams { get; init; } = [];
}

/// <summary>A standby as its primary sees it.</summary>
/// <param name="Name">Its <c>application_name</c>.</param>
/// <param name="State">For example <c>streaming</c>; null where the account may not see it.</param>
/// <param name="SyncState"><c>async</c>, <c>potential</c>, <c>sync</c> or <c>quorum</c>; null likewise.</param>
internal sealed record ObservedStream(string Name, string? State, string? SyncState)
{
    /// <summary>A commit waits for it, or for one of its kind.</summary>
    public bool IsWaitedFor => State is "streaming" && SyncState is "sync" or "quorum";
}

/// <summary>One server, and how far it is behind the primary.</summary>
/// <param name="Facts">What its probes met.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="Says">Its last answer; null before the first.</param>
/// <param name="LagBytes">Log that it has not on disk; null when unknown.</param>
/// <param name="Lag">How old the first of it is.</param>
/// <param name="ReplayBehind">How old the first log is that it has not replayed.</param>
internal sealed record ObservedServer(
    ServerFacts Facts,
    string Address,
    ObservedAnswer? Says,
    long? LagBytes = null,
    TimeSpan? Lag = null,
    TimeSpan? ReplayBehind = null
)
{
    /// <summary>Its name among the connection strings.</summary>
    public string Name => Facts.Name;

    /// <summary>A promotion of it would take no longer than was promised.</summary>
    public bool IsReplayNear =>
        Says is { IsReplayPaused: false } && ReplayBehind is { } behind && behind <= Limits.AllowedReplay;
}

/// <summary>The primary that was followed last; kept on disk, so that nobody goes back to an older one.</summary>
/// <param name="Name">The server's name.</param>
/// <param name="Timeline">The timeline on which it was primary.</param>
/// <param name="System">The cluster's identifier.</param>
internal sealed record LastPrimary(string Name, long Timeline, string System);

/// <summary>One server as it is shown.</summary>
/// <param name="Name">Its name among the connection strings.</param>
/// <param name="Role"><c>primary</c>, <c>standby</c> or <c>none</c>.</param>
/// <param name="Answers">Whether it answers.</param>
/// <param name="Timeline">The timeline that it writes or receives, as last heard.</param>
/// <param name="SyncState">How the primary waits for it; null where it does not, or nobody says.</param>
/// <param name="LagBytes">Log that it has not on disk.</param>
/// <param name="LagMilliseconds">How old the first of it is.</param>
/// <param name="ReplayBehindMilliseconds">How old the first log is that it has not replayed.</param>
internal sealed record ObservedServerView(
    string Name,
    string Role,
    bool Answers,
    long? Timeline,
    string? SyncState,
    long? LagBytes,
    double? LagMilliseconds,
    double? ReplayBehindMilliseconds
);
