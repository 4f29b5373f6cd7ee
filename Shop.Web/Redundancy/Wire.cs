namespace Shop.Web.Redundancy;

/// <summary>A service in the registry.</summary>
public sealed record RegisteredService(string Service, long Index, IReadOnlyList<RegisteredInstance> Instances);

/// <summary>An instance as the registry sees it; state is <c>live</c>, <c>suspect</c>, <c>dead</c> or <c>draining</c>.</summary>
public sealed record RegisteredInstance(
    string Instance,
    string Address,
    string State,
    double? LatencyMilliseconds,
    IReadOnlyDictionary<string, string>? Metadata
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
    IReadOnlyList<ConductorEvent>? Events
);

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
);

/// <summary>The shop's own view of its storage; here only for what a failover lost.</summary>
public sealed record StorageView(StorageFailover? LastFailover);

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
