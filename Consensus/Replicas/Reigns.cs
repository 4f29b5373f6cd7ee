using Consensus.Ledger;
using DotNext.Net.Cluster.Consensus.Raft;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Replicas;

/// <summary>What this replica does when it is elected: it says where the ledger is, begins a new one, and opens.</summary>
internal sealed class Reigns(
    IRaftCluster cluster,
    MajorityCommit commits,
    LedgerWriter ledger,
    LedgerBeginning beginning,
    GoldKey key,
    Background background,
    ILogger<Reigns> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("replicas", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // By then the log of the leaders before is applied here.
            var leadership = await cluster.WaitForLeadershipAsync(stoppingToken);
            using var reign = CancellationTokenSource.CreateLinkedTokenSource(leadership, stoppingToken);
            try
            {
                await Lead(reign.Token);
            }
            catch (Exception lost)
                when (lost is ServiceUnavailableException
                    || (lost is OperationCanceledException && !stoppingToken.IsCancellationRequested)
                )
            {
                ReplicaLog.NotBegun(logger, lost.Message);
            }
            finally
            {
                commits.Close();
            }

            // A leadership that ends is the current one for a moment yet.
            await Task.Delay(Pause, stoppingToken);
        }
    }

    private async Task Lead(CancellationToken reign)
    {
        await commits.Begin(key.Known ?? GoldKey.Make(), reign);
        while (beginning.Next() is { } missing)
        {
            if (await ledger.Append(_ => missing, reign) is Refused refused)
            {
                throw new InvalidOperationException($"The ledger cannot begin as it is configured: {refused.Reason}");
            }
        }

        commits.Open();
        ReplicaLog.Leads(logger, cluster.AuditTrail.Term, ledger.Now.Count);
        await Task.Delay(Timeout.InfiniteTimeSpan, reign).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ReplicaLog.Follows(logger);
    }
}
