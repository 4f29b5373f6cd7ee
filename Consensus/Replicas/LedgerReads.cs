using System.Globalization;
using Consensus.Ledger;
using DotNext.Net.Cluster.Consensus.Raft;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Health;

namespace Consensus.Replicas;

/// <summary>What a replica answers before it has a ledger, and to a reader who is ahead of it.</summary>
internal sealed class LedgerReads(LedgerChain chain, IRaftCluster cluster, TimeProvider time) : IHealthCheck
{
    /// <summary>How long a reader that is ahead of this replica waits for it.</summary>
    private static readonly TimeSpan BehindTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A replica without a ledger says so; one that is behind its reader catches up first.</summary>
    internal async Task Guard(HttpContext http, RequestDelegate next)
    {
        if (HasBegun || IsAnsweredAlways(http.Request.Path))
        {
            if (http.Request.Path.StartsWithSegments("/ledger", StringComparison.Ordinal) && IsAhead(http.Request))
            {
                await CatchUp(http);
            }

            await next(http);
            return;
        }

        throw new ServiceUnavailableException(
            "This replica has no ledger yet: it fetches it, or all replicas have to be there first."
        );
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(HasBegun ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No ledger yet."));

    private bool HasBegun => chain.Now.State.Networks.Values.Any(network => network.Commitment is not null);

    private static bool IsAnsweredAlways(PathString path) =>
        path.Value is ReplicaGate.LookPath or HealthDefaults.AlivePath or HealthDefaults.ReadyPath
        // Replicas fetch from one that begins, too.
        || path.StartsWithSegments("/ledger", StringComparison.Ordinal);

    private bool IsAhead(HttpRequest request) =>
        long.TryParse(request.Query["from"], CultureInfo.InvariantCulture, out var from) && from >= chain.Now.Count;

    /// <summary>
    /// A witness that changes from one replica to another must not take one that is behind for a ledger that was cut off.
    /// Where no majority answers nobody knows, and the witness asks again.
    /// </summary>
    private async Task CatchUp(HttpContext http)
    {
        using var patience = new CancellationTokenSource(BehindTimeout, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, patience.Token);
        try
        {
            await cluster.ApplyReadBarrierAsync(limited.Token);
        }
        catch (Exception lost)
            when (lost is LeaderOperationException or IOException
                || (lost is OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
            )
        {
            throw new ServiceUnavailableException(
                "Whether this replica has all final blocks is not known while no majority answers. Ask again, or from an earlier block.",
                lost
            );
        }
    }
}
