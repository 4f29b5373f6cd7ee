using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Shop.Web.Site;

/// <summary>A word to the reader that outlives one redirect.</summary>
/// <param name="Text">What happened; null for none.</param>
/// <param name="IsError">Whether it went wrong.</param>
/// <param name="Line">The line that it belongs to, such as a product id; null for the page.</param>
/// <param name="Entered">What the reader had entered on that line.</param>
/// <param name="ReroutedMilliseconds">How long the reader waited because another server stepped in; 0 for not.</param>
public sealed record Notice(
    string? Text,
    bool IsError = false,
    string? Line = null,
    string? Entered = null,
    int ReroutedMilliseconds = 0
);

/// <summary>Carries a <see cref="Notice"/> from a form's answer to the page after it, in a sealed cookie.</summary>
/// <param name="protection">Seals the cookie, so that nobody else can put words on our page.</param>
public sealed class Notices(IDataProtectionProvider protection)
{
    private const string Cookie = "notice";

    /// <summary>A notice that is not shown by then is stale.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ITimeLimitedDataProtector protector = protection
        .CreateProtector(typeof(Notices).FullName!)
        .ToTimeLimitedDataProtector();

    /// <summary>Shows <paramref name="notice"/> on the next page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="notice">The notice; short, since it travels in a cookie.</param>
    public void Leave(HttpContext context, Notice notice) =>
        context.Response.Cookies.Append(
            context.NameOf(Cookie),
            protector.Protect(JsonSerializer.Serialize(notice), Lifetime),
            new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = Lifetime,
                IsEssential = true,
            }
        );

    /// <summary>Takes the notice that was left, once.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The notice, or null.</returns>
    public Notice? Take(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(Notices), out var taken))
        {
            return taken as Notice;
        }

        var notice = Read(context.Request.Cookies[context.NameOf(Cookie)]);
        context.Items[typeof(Notices)] = notice;
        if (notice is not null)
        {
            context.Response.Cookies.Delete(context.NameOf(Cookie));
        }

        return notice;
    }

    /// <summary>A wait in the words of the banner.</summary>
    /// <param name="wait">How long.</param>
    /// <returns>Seconds with one decimal, such as <c>2.4 s</c>.</returns>
    public static string Seconds(TimeSpan wait) => wait.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    private Notice? Read(string? value)
    {
        try
        {
            return value is null ? null : JsonSerializer.Deserialize<Notice>(protector.Unprotect(value));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            // An old or foreign cookie says nothing to anybody.
            return null;
        }
    }
}
