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
        ConductorWord? word
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
            LastFailover = word?.LastFailover is { } failover ? Facts(failover) : null,
        };
    }

    private static FailoverFacts Facts(ConductorFailover failover) =>
        new(
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
                failover.Lost,
                failover.ComparedReceipts,
                failover.LostBytes,
                failover.LostMilliseconds,
                failover.LagBytesBefore,
                failover.LagMillisecondsBefore,
                failover.NotComparedBy
            )
        );
}
