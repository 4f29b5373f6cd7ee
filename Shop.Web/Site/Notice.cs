using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Workshop.ServiceDefaults.Methods;

namespace Shop.Web.Site;

/// <summary>A word to the reader that outlives one redirect.</summary>
/// <param name="Text">What happened; null for none.</param>
/// <param name="IsError">Whether it went wrong.</param>
/// <param name="Line">The line that it belongs to, such as a product id; null for the page.</param>
/// <param name="Entered">What the reader had entered on that line.</param>
/// <param name="ReroutedMilliseconds">How long the reader waited because another server stepped in; 0 for not.</param>
/// <param name="Offer">What the reader may do about it; null for nothing.</param>
public sealed record Notice(
    string? Text,
    bool IsError = false,
    string? Line = null,
    string? Entered = null,
    int ReroutedMilliseconds = 0,
    Offer? Offer = null
);

/// <summary>One button beside a notice, for example "Undo".</summary>
/// <param name="Label">On the button.</param>
/// <param name="Action">The route of ours that it posts to.</param>
/// <param name="Fields">What it posts.</param>
public sealed record Offer(string Label, string Action, IReadOnlyDictionary<string, string> Fields);

/// <summary>Carries a <see cref="Notice"/> from a form's answer to the page after it, in a sealed cookie.</summary>
/// <param name="protection">Seals the cookie, so that nobody else can put words on our page.</param>
public sealed class Notices(IDataProtectionProvider protection)
{
    private const string Cookie = "notice";

    private const int MaxLetters = 350;

    /// <summary>A notice that is not shown by then is stale.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SealedCookie<Notice> cookies = new(protection, typeof(Notices), Lifetime);

    /// <summary>Shows <paramref name="notice"/> on the next page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="notice">The notice; short, since it travels in a cookie.</param>
    public void Leave(HttpContext context, Notice notice) =>
        cookies.Write(context, Cookie, notice with { Text = Cut(notice.Text) });

    /// <summary>Takes the notice that was left, once.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The notice, or null.</returns>
    public Notice? Take(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(Notices), out var taken))
        {
            return taken as Notice;
        }

        var notice = cookies.Read(context, Cookie);
        context.Items[typeof(Notices)] = notice;
        if (notice is not null && !IsLook(context))
        {
            context.Response.Cookies.Delete(context.NameOf(Cookie));
        }

        return notice;
    }

    /// <summary>
    /// Whether a script asks, and no page is shown: for the head alone, to see whether the page is there again, or for parts
    /// of the page. Browsers mark the latter with the destination <c>empty</c> (W3C Fetch Metadata Request Headers), but not
    /// on the plain HTTP of another machine, so our own scripts say it too.
    /// </summary>
    private static bool IsLook(HttpContext context) =>
        context.IsHead()
        || context.Request.Headers.ContainsKey("X-Requested-With")
        || string.Equals(context.Request.Headers["Sec-Fetch-Dest"], "empty", StringComparison.Ordinal);

    /// <summary>
    /// What belongs to a line that this page could not draw is shown by the page that can; and so is what failed, since with
    /// it goes the key under which the same press is sent again.
    /// </summary>
    /// <param name="context">The request, whose answer has not begun.</param>
    public void PassOn(HttpContext context)
    {
        if (Take(context) is { } notice && (notice.Line is not null || notice.IsError))
        {
            Leave(context, notice);
        }
    }

    /// <summary>A wait in the words of the banner.</summary>
    /// <param name="wait">How long.</param>
    /// <returns>Seconds with one decimal, such as <c>2.4 s</c>.</returns>
    public static string Seconds(TimeSpan wait) => wait.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    /// <summary>A cookie holds 4096 bytes, and any letter may take eight of them once it is sealed.</summary>
    private static string? Cut(string? text) => text is { Length: > MaxLetters } ? $"{text[..MaxLetters]}…" : text;
}
