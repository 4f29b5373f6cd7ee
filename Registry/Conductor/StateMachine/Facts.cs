namespace Registry.Conductor.StateMachine;

/// <summary>How the shop's data are kept.</summary>
internal enum StorageMode
{
    /// <summary>One server.</summary>
    Basic,

    /// <summary>Primary and standby; a write is acknowledged when both have it.</summary>
    Synchronous,

    /// <summary>Primary and replica; a write is acknowledged when the primary has it.</summary>
    Asynchronous,
}

/// <summary>What synchronous mirroring does without its standby.</summary>
internal enum StandbyPolicy
{
    /// <summary>After 5 s the standby is marked not promotable, then writes go on alone.</summary>
    Available,

    /// <summary>Writes wait until the standby is back.</summary>
    Strict,
}

/// <summary>What the last probes of a server met.</summary>
internal enum Reach
{
    /// <summary>Not probed yet.</summary>
    Unknown,

    /// <summary>It answers queries.</summary>
    Answers,

    /// <summary>It is there, and not ready for queries yet.</summary>
    Starting,

    /// <summary>It lets nobody in any more, for it cannot read its own files; whoever is in may still be served.</summary>
    Damaged,

    /// <summary>Connections are refused.</summary>
    Refused,

    /// <summary>It accepts connections, perhaps, but answers nothing.</summary>
    Silent,
}

/// <summary>What a server is for those who follow the pair.</summary>
internal enum ServerRole
{
    /// <summary>Nothing that a client may use.</summary>
    None,

    /// <summary>It takes writes.</summary>
    Primary,

    /// <summary>It replays the primary's log.</summary>
    Standby,
}

/// <summary>One server as its probes see it.</summary>
/// <param name="Name">For example <c>postgres-1</c>.</param>
/// <param name="Reach">What the last probe met.</param>
/// <param name="RefusedInARow">Refused connections since it last answered.</param>
/// <param name="SilentFor">
/// Time since its last sign of life, as far as the conductor was awake to hear one (<see cref="Silence"/>).
/// </param>
/// <param name="IsInRecovery">Whether it is a standby; of its last answer.</param>
/// <param name="IsBusy">It is being started or copied.</param>
/// <param name="StartsFailed">Starts in a row that did not bring it back.</param>
/// <param name="FullFor">How long its disk has had no room; null while it has some.</param>
/// <param name="WasHeard">It has given this conductor a sign of life.</param>
internal sealed record ServerFacts(
    string Name,
    Reach Reach,
    int RefusedInARow = 0,
    TimeSpan SilentFor = default,
    bool IsInRecovery = false,
    bool IsBusy = false,
    int StartsFailed = 0,
    TimeSpan? FullFor = null,
    bool WasHeard = true
)
{
    /// <summary>It answers and takes writes.</summary>
    public bool IsWritable => Reach is Reach.Answers && !IsInRecovery;

    /// <summary>It answers and replays another server's log.</summary>
    public bool IsStandby => Reach is Reach.Answers && IsInRecovery;

    /// <summary>Refused three times in a row, or silent for a second; for five, if the conductor has only just started.</summary>
    public bool IsDown =>
        (Reach is Reach.Refused && RefusedInARow >= Limits.RefusalsToBeDown)
        || (Reach is Reach.Damaged && SilentFor >= Limits.SilenceToBeDown)
        || (Reach is Reach.Silent && SilentFor >= (WasHeard ? Limits.SilenceToBeDown : Limits.SilenceToBeDownUnheard));
}

/// <summary>How far the standby is, as the primary and the standby say.</summary>
/// <param name="IsStreaming">The primary sends its log to it.</param>
/// <param name="IsNamed">
/// <c>synchronous_standby_names</c> is set: writes wait, whether the standby is there or not.
/// </param>
/// <param name="IsSyncActive">The primary waits for it.</param>
/// <param name="HasReplayedMark">It has flushed and replayed the position that was taken after the waiting began.</param>
/// <param name="NotStreamingFor">Time since it last streamed and gave a sign of life.</param>
/// <param name="LagBytes">Log that the primary has and it has not; null when unknown.</param>
/// <param name="Lag">How old the oldest log is that it has not; null when unknown.</param>
/// <param name="ReplayBehind">How old the oldest log is that it has not replayed; null when unknown.</param>
/// <param name="IsReplayPaused">Somebody has told it not to replay.</param>
/// <param name="IsWaitDoubted">Writes were let go, and the primary has not shown it for so long that nobody knows.</param>
internal sealed record StandbyFacts(
    bool IsStreaming = false,
    bool IsNamed = false,
    bool IsSyncActive = false,
    bool HasReplayedMark = false,
    TimeSpan NotStreamingFor = default,
    long? LagBytes = null,
    TimeSpan? Lag = null,
    TimeSpan? ReplayBehind = null,
    bool IsReplayPaused = false,
    bool IsWaitDoubted = false
)
{
    /// <summary>A promotion would take no longer than was promised: it begins when all that was received is replayed.</summary>
    public bool IsReplayNear => !IsReplayPaused && ReplayBehind is { } behind && behind <= Limits.AllowedReplay;
}

/// <summary>All that a decision rests on.</summary>
/// <param name="Mode">The storage mode in force.</param>
/// <param name="Policy">What to do without the standby.</param>
/// <param name="Persisted">What was decided so far.</param>
/// <param name="Primary">The server that the persisted state names; before the first persisted state the first server.</param>
/// <param name="Other">The other one; null in basic mode, but for the way to and from it.</param>
/// <param name="Standby">How far the standby is.</param>
/// <param name="IsPrimaryFenced">
/// The host has seen the primary's processes dead, and it has not answered since.
/// </param>
/// <param name="CanFence">There is somebody who can end a server and see it dead.</param>
/// <param name="IsForced">A person wants the other server to be primary; if it lacks something, as lost.</param>
/// <param name="IsLagInjected">The replica is held back on purpose.</param>
/// <param name="IsFirstPrimary">The primary is the first server, which is the one that basic mode has.</param>
internal sealed record Facts(
    StorageMode Mode,
    StandbyPolicy Policy,
    PersistedState Persisted,
    ServerFacts Primary,
    ServerFacts? Other,
    StandbyFacts Standby,
    bool IsPrimaryFenced = false,
    bool CanFence = true,
    bool IsForced = false,
    bool IsLagInjected = false,
    bool IsFirstPrimary = true
)
{
    /// <summary>The storage mode that a person wants; null while none is on its way.</summary>
    public StorageMode? Wanted => Persisted.Wanted;

    /// <summary>The mode that the servers are led to: the wanted one, else the one in force.</summary>
    public StorageMode Target => Wanted ?? Mode;

    /// <summary>
    /// The primary is given up. Where nobody can take its place, silence has to last longer: ending a server that is only slow
    /// would cost a recovery, and what is being copied from it. One that is damaged is then left to those who are in.
    /// </summary>
    public bool IsPrimaryDown =>
        Primary.IsDown
        && (
            Primary.Reach is not (Reach.Silent or Reach.Damaged)
            || (IsOtherPromotable && Other is { Reach: Reach.Answers })
            || (Primary.Reach is Reach.Silent && Primary.SilentFor >= Limits.SilenceToBeDownAlone)
        );

    /// <summary>The persisted state allows the other server to take the primary's place.</summary>
    public bool IsOtherPromotable => Other is not null && Persisted.Promotable is { } name && Is(Other, name);

    /// <summary>The other server is to become primary in this term.</summary>
    public bool IsPending => Other is not null && Persisted.Pending is { } name && Is(Other, name);

    /// <summary>The other server's data are of an earlier term.</summary>
    public bool IsRebuildDue => Other is not null && Persisted.Rebuild is { } name && Is(Other, name);

    /// <summary>The replica is no further behind than asynchronous mode may lose.</summary>
    public bool IsLagAllowed =>
        Standby is { LagBytes: { } bytes, Lag: { } lag } && bytes <= Limits.AllowedLagBytes && lag <= Limits.AllowedLag;

    /// <summary>
    /// The primary is the persisted state's, until it is down or another is to take its place; a standby is one that replays the
    /// primary's log.
    /// </summary>
    public ServerRole RoleOf(ServerFacts server) =>
        Is(server, Persisted.Primary)
            ? (!server.IsDown || server.Reach is Reach.Damaged) && !IsPrimaryFenced && Persisted.Pending is null
                ? ServerRole.Primary
                : ServerRole.None
            : server is { IsStandby: true, IsBusy: false } && !IsPending && !IsRebuildDue
                ? ServerRole.Standby
                : ServerRole.None;

    private static bool Is(ServerFacts server, string name) =>
        string.Equals(server.Name, name, StringComparison.Ordinal);
}

/// <summary>Every number that a rule compares with.</summary>
internal static class Limits
{
    /// <summary>Refused connections in a row after which a server is down.</summary>
    public const int RefusalsToBeDown = 3;

    /// <summary>
    /// Starts in a row that are tried before a person is asked (primary), or a fresh copy is made (standby). Half a minute
    /// after the last one they begin anew.
    /// </summary>
    public const int MaxStarts = 3;

    /// <summary>Most log, in bytes, that a replica in asynchronous mode may lack and still be promoted.</summary>
    public const long AllowedLagBytes = 64L * 1024 * 1024;

    /// <summary>Silence after which a server is down.</summary>
    public static readonly TimeSpan SilenceToBeDown = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which a server is down that has not answered since the conductor's start.</summary>
    public static readonly TimeSpan SilenceToBeDownUnheard = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a primary is down whose place nobody can take.</summary>
    public static readonly TimeSpan SilenceToBeDownAlone = TimeSpan.FromSeconds(5);

    /// <summary>How long writes wait for a standby that is gone, under the policy <c>available</c>.</summary>
    public static readonly TimeSpan WaitForStandby = TimeSpan.FromSeconds(5);

    /// <summary>Oldest log that a standby may have to replay and still be in sync: part of the promised second.</summary>
    public static readonly TimeSpan AllowedReplay = TimeSpan.FromSeconds(1);

    /// <summary>How long a primary without room is waited for before the standby takes its place.</summary>
    public static readonly TimeSpan WaitForRoom = TimeSpan.FromSeconds(5);

    /// <summary>A standby that answers, but has not streamed for this long, is made a fresh copy.</summary>
    public static readonly TimeSpan WaitForStreaming = TimeSpan.FromSeconds(10);

    /// <summary>A standby that is silent for this long is ended and started again.</summary>
    public static readonly TimeSpan WaitForSilentStandby = TimeSpan.FromSeconds(30);

    /// <summary>Oldest missing log that a replica in asynchronous mode may lack and still be promoted.</summary>
    public static readonly TimeSpan AllowedLag = TimeSpan.FromSeconds(90);
}
