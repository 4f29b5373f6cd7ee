using System.Globalization;
using Shop.Api.Storage.Pair;
using Shop.Api.Storage.Receipts;

namespace Shop.Api.Storage.Facts;

/// <summary>Gathers what the servers, the conductor and the receipts say, and puts it together.</summary>
internal sealed class StorageReporter(
    StorageOptions options,
    CurrentMode mode,
    AbandonedCommits abandoned,
    DatabaseClock clock,
    DiskWatch disk,
    ReceiptBook receipts,
    ConductorClient conductor,
    IServiceProvider services
) : IAsyncDisposable
{
    /// <summary>Longest time for all the asking together.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, ServerProbe> probes = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>This server's share of the last failover's loss.</summary>
    public LossShare OwnShare => new(options.Instance, services.GetService<FailoverExaminer>()?.Last);

    /// <summary>Everything, as it is now.</summary>
    public async Task<StorageFacts> Report(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        var roles = Roles();
        var probing = Task.WhenAll(roles.Servers.Select(server => Probe(server).Ask(server, limit.Token)));
        var asking = options.HasStandby ? conductor.Ask(limit.Token) : Task.FromResult<ConductorWord?>(null);
        var report = StorageReport.Compose(options with { Mode = mode.InForce }, roles, await probing, await asking);
        return report with
        {
            CommitsLeftWaiting = abandoned.Count,
            ClockDifferenceMilliseconds = clock.Difference?.TotalMilliseconds,
            LostOrdersListable = mode.IsPaired && receipts is { IsKept: true, IsComplete: true },
            Disks = WithOwnWord(report.Disks, report.Primary ?? roles.Primary?.Name),
        };
    }

    /// <summary>This server's own writes may have met a full disk before the conductor has looked.</summary>
    private IReadOnlyList<DiskFacts> WithOwnWord(IReadOnlyList<DiskFacts> disks, string? primary) =>
        disk.IsFull
            ?
            [
                .. disks.Select(one =>
                    string.Equals(one.Server, primary, StringComparison.Ordinal) ? one with { Full = true } : one
                ),
            ]
            : disks;

    public async ValueTask DisposeAsync()
    {
        foreach (var probe in probes.Values)
        {
            await probe.DisposeAsync();
        }
    }

    /// <summary>The conductor's word; before the first one the host's wiring, in which nobody has a role yet.</summary>
    private PairRoles Roles()
    {
        var pair = services.GetService<DatabasePair>();
        if (pair?.Roles is { Servers.Count: > 0 } known)
        {
            return known;
        }

        return new(
            0,
            [
                .. options.Servers.Select(
                    (address, index) =>
                        new PairServer(
                            string.Create(CultureInfo.InvariantCulture, $"postgres-{index + 1}"),
                            address,
                            pair is null ? "primary" : "none"
                        )
                ),
            ]
        );
    }

    private ServerProbe Probe(PairServer server)
    {
        lock (gate)
        {
            if (!probes.TryGetValue(server.Address, out var probe))
            {
                probes.Add(server.Address, probe = new(options.ConnectionString, server.Address));
            }

            return probe;
        }
    }
}
