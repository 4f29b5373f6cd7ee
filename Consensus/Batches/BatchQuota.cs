using System.Collections.Immutable;
using System.Globalization;
using System.Threading.RateLimiting;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Batches;

/// <summary>
/// Whoever may run a batch: the operator, always; anybody on this machine, so many a minute and network, since a batch moves
/// weights and pays from the treasury.
/// </summary>
internal sealed class BatchQuota : IDisposable
{
    private const int BatchesPerWindow = 60;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ImmutableDictionary<string, FixedWindowRateLimiter> limiters = Schema.All.ToImmutableDictionary(
        schema => schema.Network.Name,
        _ => new FixedWindowRateLimiter(
            new()
            {
                PermitLimit = BatchesPerWindow,
                Window = Window,
                QueueLimit = 0,
            }
        ),
        StringComparer.Ordinal
    );

    /// <summary>Why a caller may not run a batch now; null where it may.</summary>
    internal IResult? Refusal(HttpContext http, string network)
    {
        if (http.User.IsOperator())
        {
            return null;
        }

        if (!http.IsLocal())
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"workshop\"";
            return Problems.Of(
                StatusCodes.Status401Unauthorized,
                "From elsewhere a batch is run with the operator token."
            );
        }

        using var lease = limiters[network].AttemptAcquire();
        if (lease.IsAcquired)
        {
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(
            StatusCodes.Status429TooManyRequests,
            $"Without the operator token {BatchesPerWindow} batches a minute are run of each network."
        );
    }

    public void Dispose()
    {
        foreach (var limiter in limiters.Values)
        {
            limiter.Dispose();
        }
    }
}
