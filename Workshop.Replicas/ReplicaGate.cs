using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.Replicas;

/// <summary>Who may speak the replicas' protocol.</summary>
internal sealed class ReplicaGate(
    ReplicaOptions options,
    IReplicated state,
    ReplicaStart start,
    ILogger<ReplicaGate> logger
)
{
    /// <summary>Where the replicas' protocol is spoken.</summary>
    internal const string ProtocolPath = "/replicas/raft";

    /// <summary>Where a person looks.</summary>
    internal const string LookPath = "/replicas";

    internal const string SecretHeader = "Workshop-Replica-Secret";

    internal const string RulesHeader = "Workshop-Replica-Rules";

    private const string MessageType = "X-Raft-Message-Type";

    private int refusals;

    /// <summary>Only the other replicas speak the protocol: by their secret, and by the same rules.</summary>
    internal Task Guard(HttpContext http, RequestDelegate next)
    {
        // As the protocol's handler is mapped: in letters of either case.
        if (!http.Request.Path.StartsWithSegments(ProtocolPath, StringComparison.OrdinalIgnoreCase))
        {
            return next(http);
        }

        if (!options.IsOneOfUs(http.Request))
        {
            return Refuse(http, StatusCodes.Status403Forbidden, "Only the other replicas are answered here.");
        }

        var rules = http.Request.Headers[RulesHeader].ToString();
        if (!string.Equals(rules, state.Rules, StringComparison.Ordinal))
        {
            return Refuse(
                http,
                StatusCodes.Status409Conflict,
                $"This replica works by the rules {state.Rules}, and the caller by {rules}."
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

    private Task Refuse(HttpContext http, int status, string words)
    {
        // Once is enough: the others ask many times a second.
        if (Interlocked.Exchange(ref refusals, 1) == 0)
        {
            LogMessages.Refused(logger, words);
        }

        return Problems.Of(status, words).ExecuteAsync(http);
    }
}
