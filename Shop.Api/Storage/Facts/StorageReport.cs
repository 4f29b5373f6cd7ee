using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.Facts;

/// <summary>Puts together what was gathered.</summary>
internal static class StorageReport
{
    private const string BasicGuarantee = "RPO: the age of the last backup";

    private const string NoWord = "unknown: the conductor does not answer";

    public static StorageFacts Compose(
        StorageOptions options,
        PairRoles roles,
        IReadOnlyList<ProbeResult> probed,
        ConductorWord? word,
        IReadOnlyList<LossShare> shares,
        IReadOnlyList<string> silent
    )
    {
        var isBasic = options.Mode == StorageMode.Basic;
        var primary = probed.FirstOrDefault(result => result.Facts.Role is "primary");
        return new()
        {
            Mode = options.Mode.ToString().ToLowerInvariant(),
            Policy = options.Mode == StorageMode.Synchronous ? options.Policy : null,
            Term = isBasic && word is null ? null : Math.Max(roles.Term, word?.Term ?? 0),
            Primary = word?.Primary ?? roles.Primary?.Name,
            Replica = word?.Standby ?? roles.Standby?.Name,
            Servers = [.. probed.Select(result => result.Facts)],
            LagBytes = word?.LagBytes ?? primary?.LagBytes,
            LagMilliseconds = word?.LagMilliseconds ?? primary?.LagMilliseconds,
            Armed = word?.Armed ?? false,
            InSync = word?.InSync ?? word?.Armed ?? false,
            NotInSyncBecause =
                isBasic ? "there is no standby"
                : word is null ? "the conductor does not answer"
                : word.NotInSyncBecause,
            ReplayBehindMilliseconds = word?.ReplayBehindMilliseconds,
            Disks = word?.Disks ?? [.. probed.Select(result => new DiskFacts(result.Facts.Name, Full: false))],
            Guarantee = word?.Guarantee ?? (isBasic ? BasicGuarantee : NoWord),
            LastBackupAt = word?.LastBackupAt,
            ConductorAnswers = word is not null,
            CommitsLeftWaiting = 0,
            LastFailover = word?.LastFailover is { } failover
                ? Failover(failover, primary?.Facts.Timeline ?? 0, shares, silent)
                : null,
        };
    }

    /// <summary>
    /// The loss is what the servers found when they met the newest timeline, the primary's own included: one that has
    /// not looked yet, or that was down, has an older loss or none, and is named.
    /// </summary>
    private static FailoverFacts Failover(
        ConductorFailover failover,
        long timeline,
        IReadOnlyList<LossShare> shares,
        IReadOnlyList<string> silent
    )
    {
        var newest = Math.Max(timeline, shares.Max(share => share.Last?.Timeline ?? 0));
        var current = shares.Where(share => share.Last is { } last && last.Timeline == newest && newest > 0).ToArray();
        var behind = shares.Except(current).Select(share => share.Instance);
        return new(
            failover.Term,
            failover.At,
            failover.From,
            failover.To,
            new(
                failover.DetectMilliseconds,
                failover.FenceMilliseconds,
                failover.PromoteMilliseconds,
                failover.RerouteMilliseconds,
                failover.TotalMilliseconds
            ),
            new(
                [.. current.SelectMany(share => share.Last!.Lost).Distinct()],
                current.Sum(share => share.Last!.Compared),
                current.Select(share => share.Last!.LostBytes).DefaultIfEmpty().Max(),
                current.Select(share => share.Last!.LostMilliseconds).DefaultIfEmpty().Max(),
                failover.LagBytesBefore,
                failover.LagMillisecondsBefore,
                [.. silent, .. behind]
            )
        );
    }
}
