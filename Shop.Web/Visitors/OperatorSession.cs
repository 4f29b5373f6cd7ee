using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Shop.Web.Site;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Web.Visitors;

/// <summary>
/// Who may do what is the operator's: anybody on the workshop's own machine, and who has signed in with the operator token.
/// </summary>
/// <param name="configuration">Holds the token.</param>
/// <param name="protection">Seals the cookie.</param>
/// <param name="wrong">Counts wrong tokens.</param>
internal sealed class OperatorSession(
    IConfiguration configuration,
    IDataProtectionProvider protection,
    WrongTokens wrong
)
{
    private const string Cookie = "operator";

    /// <summary>A day of lessons.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(10);

    private readonly ITimeLimitedDataProtector seal = protection
        .CreateProtector(typeof(OperatorSession).FullName!)
        .ToTimeLimitedDataProtector();

    /// <summary>Whether the request may do what is the operator's.</summary>
    internal bool MayOperate(HttpContext http) => http.IsLocal() || IsSignedIn(http);

    /// <summary>Whether somebody has signed in in this browser.</summary>
    internal bool IsSignedIn(HttpContext http)
    {
        if (http.Request.Cookies[http.NameOf(Cookie)] is not { Length: > 0 } sealedName)
        {
            return false;
        }

        try
        {
            return seal.Unprotect(sealedName) is Cookie;
        }
        catch (CryptographicException)
        {
            // Too old, of another workshop, or made up.
            return false;
        }
    }

    /// <summary>Signs in whoever holds the operator token.</summary>
    /// <returns>Null, or why not.</returns>
    internal string? SignIn(HttpContext http, string token)
    {
        if (configuration[AccessTokens.OperatorKey] is not { Length: > 0 } right || !AccessTokens.Matches(token, right))
        {
            return wrong.Count(http) is { } wait
                ? $"Too many wrong tokens came from your address. Try again in {Math.Ceiling(wait.TotalSeconds):0} s."
                : "This is not the operator token.";
        }

        http.Write(Cookie, seal.Protect(Cookie, Lasts), Lasts, SameSiteMode.Strict);
        return null;
    }

    /// <summary>Ends it in this browser.</summary>
    internal static void SignOut(HttpContext http) => http.Response.Cookies.Delete(http.NameOf(Cookie));
}
