using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Limits;

/// <summary>What a client hears that a limit keeps out, and when it may come again.</summary>
public static class LimitRefusal
{
    /// <summary>429 for a client that asks too often; 503 for a queue that is full, or was waited in too long.</summary>
    /// <param name="rejected">The request and its lease.</param>
    /// <param name="what">What waits, for people; for example <c>write</c>.</param>
    public static async ValueTask Write(OnRejectedContext rejected, string what)
    {
        var timed = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var http = rejected.HttpContext;
        http.Response.ComeAgainAfter(wait);
        var problem =
            timed ? Problems.Of(StatusCodes.Status429TooManyRequests, "Too many requests from one client.")
            : rejected.Lease is PatientLimiter.WaitedTooLong
                ? Problems.Of(
                    StatusCodes.Status503ServiceUnavailable,
                    $"The {what} waited too long for its turn. Nothing was changed; please try again."
                )
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, $"Too many {what}s are waiting already.");
        await problem.ExecuteAsync(http);
    }
}
