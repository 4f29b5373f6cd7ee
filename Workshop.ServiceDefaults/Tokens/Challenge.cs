using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Tokens;

/// <summary>Asks for a token (RFC 6750).</summary>
public static class Challenge
{
    private const string Bearer = "Bearer realm=\"workshop\"";

    /// <summary>401 without a token, 403 with one that is not enough, 429 after too many that are none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="detail">Which token it takes, for people.</param>
    public static ProblemHttpResult Answer(HttpContext http, string detail)
    {
        var hasToken = http.User.Identity is { IsAuthenticated: true };
        if (!hasToken && http.RequestServices.GetRequiredService<WrongTokens>().AreTooMany(http))
        {
            return Problems.Of(
                StatusCodes.Status429TooManyRequests,
                "Too many wrong tokens came from this address within a minute."
            );
        }

        Announce(http.Response);
        return Problems.Of(hasToken ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized, detail);
    }

    /// <summary>Says what kind of token is wanted.</summary>
    internal static void Announce(HttpResponse response) => response.Headers.WWWAuthenticate = Bearer;
}
