using DotNext.Net.Cluster.Consensus.Raft;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Workshop.Replicas;

/// <summary>What a service does while this replica of it leads.</summary>
internal interface ILeader
{
    /// <summary>
    /// Begins by an entry of its own, opens the log for callers, and works until the token ends. By then all entries of
    /// the leaders before are applied here.
    /// </summary>
    Task Lead(CancellationToken leadership);
}

/// <summary>Lets the service lead whenever this replica is elected, for as long as it leads.</summary>
internal sealed class LeaderLoop(
    IRaftCluster cluster,
    DurableLog log,
    MajorityLog majority,
    ILeader leader,
    Background background,
    ILogger<LeaderLoop> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("replicas", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // By then the log of the leaders before is applied here, and this one's first entry.
            var elected = await cluster.WaitForLeadershipAsync(stoppingToken);
            using var leadership = CancellationTokenSource.CreateLinkedTokenSource(elected, stoppingToken);
            try
            {
                // The term of now may be the next leader's already.
                var term = await log.AppliedTerm(leadership.Token);
                leadership.Token.ThrowIfCancellationRequested();
                majority.Begin(term, leadership.Token);
                await leader.Lead(leadership.Token);
            }
            catch (Exception lost)
                when (lost is ServiceUnavailableException
                    || (lost is OperationCanceledException && !stoppingToken.IsCancellationRequested)
                )
            {
                LogMessages.NotBegun(logger, lost.Message);
            }
            finally
            {
                majority.Close();
                LogMessages.Follows(logger);
            }

            // A leadership that ends is the current one for a moment yet.
            await Task.Delay(Pause, stoppingToken);
        }
    }
}
