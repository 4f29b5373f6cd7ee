using Workshop.ServiceDefaults.Json;

namespace Shop.Api.Storage.Facts;

/// <summary>What the conductor says at <c>GET /conductor</c>; members that nobody here reads are left out.</summary>
internal sealed record ConductorWord(
    long Term,
    string? Primary,
    string? Standby,
    bool Armed,
    string? Guarantee,
    long? LagBytes,
    double? LagMilliseconds,
    ConductorFailover? LastFailover,
    DateTimeOffset? LastBackupAt = null,
    bool? InSync = null,
    string? NotInSyncBecause = null,
    double? ReplayBehindMilliseconds = null,
    IReadOnlyList<DiskFacts>? Disks = null
);

/// <summary>The conductor's last failover.</summary>
internal sealed record ConductorFailover(
    long Term,
    DateTimeOffset At,
    string? From,
    string? To,
    double DetectMilliseconds,
    double FenceMilliseconds,
    double PromoteMilliseconds,
    double RerouteMilliseconds,
    double TotalMilliseconds,
    long? LagBytesBefore,
    double? LagMillisecondsBefore,
    IReadOnlyList<Guid> Lost,
    int ComparedReceipts,
    long LostBytes,
    double LostMilliseconds,
    IReadOnlyList<string> NotComparedBy
);

/// <summary>Asks the conductor, which lives in the registry.</summary>
internal sealed class ConductorClient(IHttpClientFactory clients)
{
    public const string HttpName = "storage-facts";

    /// <summary>The conductor's word; null when it does not answer in time or answers something else.</summary>
    public async Task<ConductorWord?> Ask(CancellationToken ct)
    {
        using var http = clients.CreateClient(HttpName);
        return await http.TryGetJson<ConductorWord>(new Uri("http://registry/conductor"), ct);
    }
}
