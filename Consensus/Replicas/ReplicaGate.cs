using Consensus.Ledger;
using DotNext.Net.Cluster.Consensus.Raft;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Health;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Replicas;

/// <summary>What may come to a replica, and when.</summary>
internal sealed class ReplicaGate(
    ReplicaOptions options,
    ReplicaSelf self,
    ReplicaStart start,
    LedgerChain chain,
    IRaftCluster cluster,
    TimeProvider time,
    ILogger<ReplicaGate> logger
) : IHealthCheck
{
    /// <summary>Where the replicas' protocol is spoken.</summary>
    internal const string ProtocolPath = "/replicas/raft";

    /// <summary>Where a person looks.</summary>
    internal const string LookPath = "/replicas";

    internal const string SecretHeader = "Workshop-Replica-Secret";

    internal const string RulesHeader = "Workshop-Replica-Rules";

    private const string MessageType = "X-Raft-Message-Type";

    /// <summary>How long a reader that is ahead of this replica waits for it.</summary>
    private static readonly TimeSpan BehindTimeout = TimeSpan.FromSeconds(2);

    private int refusals;

    /// <summary>Only the other replicas speak the protocol: by their secret, and by the same rules.</summary>
    internal Task GuardProtocol(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments(ProtocolPath, StringComparison.Ordinal))
        {
            return next(http);
        }

        if (!AccessTokens.Matches(http.Request.Headers[SecretHeader].ToString(), options.Secret))
        {
            return Refuse(http, StatusCodes.Status403Forbidden, "Only the other replicas are answered here.");
        }

        var rules = http.Request.Headers[RulesHeader].ToString();
        if (!string.Equals(rules, self.Rules, StringComparison.Ordinal))
        {
            return Refuse(
                http,
                StatusCodes.Status409Conflict,
                $"This replica settles by the rules {self.Rules}, and the caller by {rules}."
            );
        }

        if (!start.MayVote && http.Request.Headers[MessageType].ToString() is "RequestVote" or "PreVote")
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        return next(http);
    }

    /// <summary>A replica without a ledger says so; one that is behind its reader catches up first.</summary>
    internal async Task GuardReads(HttpContext http, RequestDelegate next)
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
        path.Value is LookPath or HealthDefaults.AlivePath or HealthDefaults.ReadyPath
        // Replicas fetch from one that begins, too.
        || path.StartsWithSegments("/ledger", StringComparison.Ordinal);

    private bool IsAhead(HttpRequest request) =>
        long.TryParse(request.Query["from"], System.Globalization.CultureInfo.InvariantCulture, out var from)
        && from >= chain.Now.Count;

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
            when (lost is LeaderOperationException
                || (lost is OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
            )
        {
            throw new ServiceUnavailableException(
                "Whether this replica has all final blocks is not known while no majority answers. Ask again, or from an earlier block.",
                lost
            );
        }
    }

    private Task Refuse(HttpContext http, int status, string words)
    {
        // Once is enough: the others ask many times a second.
        if (Interlocked.Exchange(ref refusals, 1) == 0)
        {
            ReplicaLog.Refused(logger, words);
        }

        return Problems.Of(status, words).ExecuteAsync(http);
    }
}
