using System.Text.Json.Serialization;
using Shop.Web.Redundancy.Modes;

namespace Shop.Web.Redundancy;

/// <summary>A service in the registry.</summary>
public sealed record RegisteredService(string Service, long Index, IReadOnlyList<RegisteredInstance> Instances);

/// <summary>An instance as the registry sees it; state is <c>live</c>, <c>suspect</c>, <c>dead</c> or <c>draining</c>.</summary>
public sealed record RegisteredInstance(
    string Instance,
    string Address,
    string State,
    double? LatencyMilliseconds,
    IReadOnlyDictionary<string, string>? Metadata,
    string? Reason = null
)
{
    /// <summary>Of a database: <c>primary</c>, <c>standby</c> or <c>none</c>.</summary>
    public string? Role => Metadata?.GetValueOrDefault("role");
}

/// <summary>What the conductor of the database pair knows.</summary>
public sealed record ConductorView(
    string Mode,
    string? Policy,
    long Term,
    int Rule,
    string? RuleName,
    string? Primary,
    string? Standby,
    bool Armed,
    string? Guarantee,
    long? LagBytes,
    double? LagMilliseconds,
    Failover? LastFailover,
    IReadOnlyList<ConductorEvent>? Events,
    bool? InSync = null,
    string? NotInSyncBecause = null,
    double? ReplayBehindMilliseconds = null,
    ModeChange? Change = null,
    string? Conductor = null
)
{
    /// <summary>The registry only observes: who is primary is decided outside of the workshop.</summary>
    [JsonIgnore]
    public bool IsExternal => Conductor is "external";

    /// <summary>The rule that applies, by its number; where the registry only observes there are no rules, only words.</summary>
    [JsonIgnore]
    public string RuleWords => IsExternal ? RuleName ?? "" : FormattableString.Invariant($"{Rule}: {RuleName}");

    /// <summary>Whether another fault now would lose nothing; older registries say it by <see cref="Armed"/>.</summary>
    [JsonIgnore]
    public bool IsInSync => InSync ?? Armed;
}

/// <summary>Something that the conductor saw or did.</summary>
public sealed record ConductorEvent(DateTimeOffset At, int Rule, string Name, string? Detail);

/// <summary>A failover and what each part of it took.</summary>
public sealed record Failover(
    long Term,
    DateTimeOffset At,
    string? From,
    string? To,
    double DetectMilliseconds,
    double FenceMilliseconds,
    double PromoteMilliseconds,
    double RerouteMilliseconds,
    double TotalMilliseconds
)
{
    /// <summary>All of a run, in their order; a run of an earlier version knows the last one alone.</summary>
    /// <param name="all">Null in such a run.</param>
    /// <param name="last">Null where there was none.</param>
    internal static IReadOnlyList<Failover> AllOf(IReadOnlyList<Failover>? all, Failover? last) =>
        all ?? (last is null ? [] : [last]);
}

/// <summary>The shop's own view of its storage; here for what a failover lost, and for what is not as it ought to be.</summary>
public sealed record StorageView(
    StorageFailover? LastFailover,
    IReadOnlyList<StorageDisk>? Disks = null,
    double? ClockDifferenceMilliseconds = null,
    bool? LostOrdersListable = null
)
{
    private const double ClockToleranceMilliseconds = 1000;

    /// <summary>What somebody ought to look at, in words.</summary>
    public IReadOnlyList<string> Remarks =>
        [
            .. (Disks ?? []).Where(disk => disk.Full).Select(disk => $"The disk of {disk.Server} is full."),
            .. ClockDifferenceMilliseconds is { } off && Math.Abs(off) > ClockToleranceMilliseconds
                ?
                [
                    FormattableString.Invariant(
                        $"A shop server's clock is {Math.Abs(off) / 1000:0.0} s {(off > 0 ? "ahead of" : "behind")} the database's, which decides."
                    ),
                ]
                : Array.Empty<string>(),
        ];
}

/// <summary>The disk of a database server.</summary>
public sealed record StorageDisk(string Server, bool Full);

/// <summary>The last failover as the shop's receipts tell it.</summary>
public sealed record StorageFailover(long Term, StorageLoss? Rpo);

/// <summary>Acknowledged orders that the new primary does not have.</summary>
public sealed record StorageLoss(IReadOnlyList<Guid>? LostOrders, int ComparedReceipts);

/// <summary>A resource of the host, such as a database server.</summary>
public sealed record HostResource(
    string Name,
    string? Type,
    string State,
    string? Health,
    IReadOnlyList<string>? Commands
);
