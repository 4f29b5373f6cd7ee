using System.Globalization;
using Registry.Conductor.StateMachine;
using Registry.Observer;

namespace Registry.Conductor;

/// <summary>What the conductor knows, as it is shown.</summary>
/// <param name="Mode">In force: <c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
/// <param name="Policy"><c>available</c> or <c>strict</c>.</param>
/// <param name="Term">Rises by one with every failover.</param>
/// <param name="Rule">The number of the rule that applies; 0 when none does, for nothing is decided.</param>
/// <param name="RuleName">Its name; or why nothing is decided.</param>
/// <param name="Primary">The server that takes writes; null while none does.</param>
/// <param name="Standby">The server that follows it; null while none does.</param>
/// <param name="Armed">Says the same as <paramref name="InSync"/>.</param>
/// <param name="CanFence">Somebody answers who can end a server and see it dead.</param>
/// <param name="Guarantee">What a failover now would cost.</param>
/// <param name="LagBytes">Log that the standby lacks.</param>
/// <param name="LagMilliseconds">How old the first of it is.</param>
/// <param name="LastFailover">The last one.</param>
/// <param name="Events">What happened, newest first, bounded.</param>
/// <param name="InSync">The standby may take the primary's place by itself, and would within the promised time.</param>
/// <param name="NotInSyncBecause">Why not, in words; null when it would.</param>
/// <param name="ReplayBehindMilliseconds">How old the log is that the standby has not replayed.</param>
/// <param name="Disks">Whose disk is full.</param>
internal sealed record ConductorView(
    string Mode,
    string Policy,
    long Term,
    int Rule,
    string RuleName,
    string? Primary,
    string? Standby,
    bool Armed,
    bool CanFence,
    string Guarantee,
    long? LagBytes,
    double? LagMilliseconds,
    Failover? LastFailover,
    IReadOnlyList<ConductorEvent> Events,
    bool InSync,
    string? NotInSyncBecause,
    double? ReplayBehindMilliseconds,
    IReadOnlyList<DiskView> Disks
)
{
    /// <summary>The view of these facts.</summary>
    public static ConductorView From(Facts facts, Rule rule, DateTimeOffset? lastBackup)
    {
        // Synchronous: the mark holds as long as no write is acknowledged without the standby.
        var because = NotInSync(facts);
        var isInSync = because is null;
        return new(
            ModeChange.Word(facts.Mode),
            facts.Policy.ToString().ToLowerInvariant(),
            facts.Persisted.Term,
            rule.Number,
            rule.Name,
            facts.Primary.IsWritable ? facts.Primary.Name : null,
            facts.Other is { IsStandby: true } ? facts.Other.Name : null,
            isInSync,
            facts.CanFence,
            Describe(facts, because, lastBackup),
            facts.Standby.LagBytes,
            facts.Standby.Lag?.TotalMilliseconds,
            null,
            [],
            isInSync,
            because,
            facts.Standby.ReplayBehind?.TotalMilliseconds,
            [
                .. new[] { facts.Primary, facts.Other }
                    .OfType<ServerFacts>()
                    .Select(server => new DiskView(server.Name, server.FullFor is not null)),
            ]
        )
        {
            LastBackupAt = lastBackup,
            IsPromotable = facts.IsOtherPromotable && (facts.Mode is StorageMode.Asynchronous || facts.Standby.IsNamed),
            Change = ModeChange.View(facts),
        };
    }

    /// <summary>Who decides: <c>workshop</c>, or <c>external</c>, where the registry only observes.</summary>
    public string Conductor { get; init; } = ConductorOptions.Workshop;

    /// <summary>Each server as it is observed; null where the conductor is the workshop's own.</summary>
    public IReadOnlyList<ObservedServerView>? Databases { get; init; }

    /// <summary>The way to another storage mode; null while none is wanted.</summary>
    public ModeChangeView? Change { get; init; }

    /// <summary>From when on changes are in no backup; null where there is none.</summary>
    public DateTimeOffset? LastBackupAt { get; init; }

    /// <summary>The standby has all that it must have; not on the wire, where only what follows from it counts.</summary>
    internal bool IsPromotable { get; init; }

    /// <summary>The view of a conductor that decides nothing until a person has.</summary>
    /// <param name="settings">The pair.</param>
    /// <param name="persisted">What was decided before.</param>
    /// <param name="why">What it is that stops it, and what a person can do.</param>
    public static ConductorView Stopped(PairSettings settings, PersistedState persisted, string why) =>
        new(
            ModeChange.Word(persisted.Mode ?? settings.Mode),
            settings.Policy.ToString().ToLowerInvariant(),
            persisted.Term,
            Rule: 0,
            why,
            Primary: null,
            Standby: null,
            Armed: false,
            CanFence: false,
            "unknown: nothing is decided",
            LagBytes: null,
            LagMilliseconds: null,
            LastFailover: null,
            [],
            InSync: false,
            why,
            ReplayBehindMilliseconds: null,
            []
        );

    /// <summary>
    /// Why the standby could not take the primary's place now, without loss and within the promised time. In synchronous mode
    /// the mark holds as long as no write is acknowledged without the standby.
    /// </summary>
    private static string? NotInSync(Facts facts) =>
        facts.Other is not { } other ? "there is no standby"
        : !other.IsStandby ? $"{other.Name} is no standby that answers"
        : facts.Mode is StorageMode.Synchronous && !facts.Standby.IsNamed ? $"writes do not wait for {other.Name}"
        : !facts.IsOtherPromotable ? $"{other.Name} has not everything yet"
        : facts.Standby.IsReplayNear ? null
        : Behind(other.Name, facts.Standby.IsReplayPaused, facts.Standby.ReplayBehind);

    /// <summary>Why a standby would not take over within the promised time.</summary>
    internal static string Behind(string standby, bool isReplayPaused, TimeSpan? behind) =>
        isReplayPaused ? $"replay is paused on {standby}"
        : behind is not { TotalMilliseconds: var wait } ? $"{standby} does not say how far its replay is"
        : string.Create(CultureInfo.InvariantCulture, $"replay on {standby} is {wait:0} ms behind");

    private static string Describe(Facts facts, string? because, DateTimeOffset? lastBackup) =>
        facts.Mode switch
        {
            StorageMode.Basic => lastBackup is { } at
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"RPO: everything since {at.UtcDateTime:HH:mm:ss} UTC on {at.UtcDateTime:yyyy-MM-dd}"
                )
                : "RPO: everything, for no backup was made",
            StorageMode.Synchronous => because is null ? "RPO 0: in sync" : $"RPO 0: not in sync: {because}",
            _ when !facts.IsOtherPromotable => $"RPO: not in sync: {because}",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"RPO: the lag, now {facts.Standby.LagBytes ?? 0} bytes, {facts.Standby.Lag?.TotalMilliseconds ?? 0:0} ms"
            ) + (because is null ? "" : $"; not in sync: {because}"),
        };
}

/// <summary>The disk of a database server.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Full">Whether it has no room.</param>
internal sealed record DiskView(string Server, bool Full);
