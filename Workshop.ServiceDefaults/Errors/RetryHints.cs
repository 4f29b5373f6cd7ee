using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// A 503 says when to come again (RFC 9110, 15.6.4), also where its route has no time of its own to name: problem, readiness
/// or limiter alike.
/// </summary>
public static class RetryHints
{
    private const string Soon = "1";

    /// <summary>Says when to come again, in whole seconds (RFC 9110, 10.2.3), one at least.</summary>
    /// <param name="response">A refusal.</param>
    /// <param name="wait">How long to wait.</param>
    public static void ComeAgainAfter(this HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);

    internal static void UseRetryHints(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(Hint, context.Response);
                return next(context);
            }
        );

    private static Task Hint(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = Soon;
        }

        return Task.CompletedTask;
    }
}
