using System.Globalization;

namespace Registry.Conductor;

/// <summary>What the conductor knows, as it is shown.</summary>
/// <param name="Mode"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
/// <param name="Policy"><c>available</c> or <c>strict</c>.</param>
/// <param name="Term">Rises by one with every failover.</param>
/// <param name="Rule">The number of the rule that applies; 0 when none does, for nothing is decided.</param>
/// <param name="RuleName">Its name; or why nothing is decided.</param>
/// <param name="Primary">The server that takes writes; null while none does.</param>
/// <param name="Standby">The server that follows it; null while none does.</param>
/// <param name="Armed">The standby may take the primary's place by itself.</param>
/// <param name="CanFence">Somebody answers who can end a server and see it dead.</param>
/// <param name="Guarantee">What a failover now would cost.</param>
/// <param name="LagBytes">Log that the standby lacks.</param>
/// <param name="LagMilliseconds">How old the first of it is.</param>
/// <param name="LastFailover">The last one.</param>
/// <param name="LastBackup">In basic mode, from when on changes are in no backup; null where there is none.</param>
/// <param name="Events">What happened, newest first, bounded.</param>
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
    DateTimeOffset? LastBackup,
    IReadOnlyList<ConductorEvent> Events
)
{
    /// <summary>The view of these facts.</summary>
    public static ConductorView From(ConductorOptions options, Facts facts, Rule rule, DateTimeOffset? lastBackup)
    {
        // Synchronous: the mark holds as long as no write is acknowledged without the mirror.
        var isArmed = facts.IsOtherPromotable && (options.Mode is StorageMode.Asynchronous || facts.Mirror.IsNamed);
        return new(
            options.Mode.ToString().ToLowerInvariant(),
            options.Policy.ToString().ToLowerInvariant(),
            facts.Decree.Term,
            rule.Number,
            rule.Name,
            facts.Primary.IsWritable ? facts.Primary.Name : null,
            facts.Other is { IsStandby: true } ? facts.Other.Name : null,
            isArmed,
            facts.CanFence,
            Describe(facts, isArmed, lastBackup),
            facts.Mirror.LagBytes,
            facts.Mirror.Lag?.TotalMilliseconds,
            null,
            lastBackup,
            []
        );
    }

    /// <summary>The view of a conductor that decides nothing until a person has.</summary>
    /// <param name="options">The pair.</param>
    /// <param name="decree">What was decided before.</param>
    /// <param name="why">What it is that stops it, and what a person can do.</param>
    public static ConductorView Stopped(ConductorOptions options, Decree decree, string why) =>
        new(
            options.Mode.ToString().ToLowerInvariant(),
            options.Policy.ToString().ToLowerInvariant(),
            decree.Term,
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
            LastBackup: null,
            []
        );

    private static string Describe(Facts facts, bool isArmed, DateTimeOffset? lastBackup) =>
        facts.Mode switch
        {
            StorageMode.Basic => lastBackup is { } at
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"RPO: everything since {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"
                )
                : "RPO: everything, for no backup was made",
            StorageMode.Synchronous => isArmed ? "RPO 0: armed" : "RPO 0: not armed",
            _ when !isArmed => "RPO: not armed",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"RPO: the lag, now {facts.Mirror.LagBytes ?? 0} bytes, {facts.Mirror.Lag?.TotalMilliseconds ?? 0:0} ms"
            ),
        };
}
