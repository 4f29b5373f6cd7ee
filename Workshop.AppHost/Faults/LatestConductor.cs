using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Workshop.AppHost.Faults;

/// <summary>
/// A fencing token: of several registries, one that led before and was held up must not act on the databases any more.
/// Commands of the conductor carry the term in which it leads; once a later one has spoken, earlier ones are refused.
/// </summary>
internal static class LatestConductor
{
    private const string Header = "Workshop-Term";

    /// <summary>Refuses what comes from an earlier term. Requests without one are a person's.</summary>
    internal static void UseLatestConductor(this IApplicationBuilder app)
    {
        var gate = new Lock();
        var latest = 0L;
        app.Use(
            (http, next) =>
            {
                if (!long.TryParse(http.Request.Headers[Header], CultureInfo.InvariantCulture, out var term))
                {
                    return next(http);
                }

                lock (gate)
                {
                    latest = Math.Max(latest, term);
                }

                return term == latest
                    ? next(http)
                    : TypedResults
                        .Problem(
                            $"A registry of term {latest} conducts the databases; this is of term {term}.",
                            statusCode: StatusCodes.Status409Conflict
                        )
                        .ExecuteAsync(http);
            }
        );
    }
}
