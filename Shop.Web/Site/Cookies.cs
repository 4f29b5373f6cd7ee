using System.Globalization;
using System.Text.RegularExpressions;

namespace Shop.Web.Site;

/// <summary>
/// The cookies of the site. None holds anything that the shop could not make again. A browser shares cookies among all ports
/// of one machine, so each name ends in the port: two workshops side by side keep out of each other's.
/// </summary>
public static partial class Cookies
{
    /// <summary>Who buys: a user id of the shop. There is no login; a reader may change it.</summary>
    private const string BuyerCookie = "buyer";

    /// <summary>How many pieces the cart held when it was last seen, for the header.</summary>
    private const string CountCookie = "cart-count";

    private static readonly object CountSeen = new();

    private const string ThemeCookie = "theme";

    /// <summary>The cookie that goes with the forms' tokens.</summary>
    private const string FormCookie = "form";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    /// <summary>The buyer of this request; a new guest where the cookie is missing or malformed.</summary>
    /// <param name="context">The request; a new id is written to its response.</param>
    /// <returns>A user id as the shop accepts it.</returns>
    public static string Buyer(this HttpContext context)
    {
        if (context.Items[BuyerCookie] is string known)
        {
            return known;
        }

        if (context.Request.Cookies[context.NameOf(BuyerCookie)] is { } sent && IsUserId(sent))
        {
            context.Items[BuyerCookie] = sent;
            return sent;
        }

        var guest = $"guest-{Guid.CreateVersion7():N}";
        context.SetBuyer(guest);
        return guest;
    }

    /// <summary>Makes <paramref name="userId"/> the buyer from now on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="userId">A user id for which <see cref="IsUserId"/> holds.</param>
    public static void SetBuyer(this HttpContext context, string userId)
    {
        context.Items[BuyerCookie] = userId;
        context.Write(BuyerCookie, userId);
    }

    /// <summary>Pieces in the cart when it was last seen.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The count, 0 or more.</returns>
    public static int CartCount(this HttpContext context) =>
        context.Items[CountCookie] is int fresh ? fresh
        : int.TryParse(
            context.Request.Cookies[context.NameOf(CountCookie)],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var count
        )
            ? count
        : 0;

    /// <summary>Remembers how many pieces the cart holds.</summary>
    /// <param name="context">The request.</param>
    /// <param name="count">Pieces, 0 or more.</param>
    public static void SetCartCount(this HttpContext context, int count)
    {
        context.Items[CountCookie] = count;
        context.Write(CountCookie, count.ToString(CultureInfo.InvariantCulture));
        (context.Items[CountSeen] as Action)?.Invoke();
    }

    /// <summary>Tells when the count of this request becomes known, so that what shows it can be drawn again.</summary>
    /// <param name="context">The request.</param>
    /// <param name="seen">Called after each <see cref="SetCartCount"/>; null for nobody.</param>
    internal static void OnCartCount(this HttpContext context, Action? seen) => context.Items[CountSeen] = seen;

    /// <summary>The reader's theme.</summary>
    /// <param name="context">The request.</param>
    /// <returns><c>light</c>, <c>dark</c>, or <c>auto</c> for the system's.</returns>
    public static string Theme(this HttpContext context) =>
        context.Request.Cookies[context.NameOf(ThemeCookie)] is ("light" or "dark") and var theme ? theme : "auto";

    /// <summary>Remembers the reader's theme; anything but <c>light</c> and <c>dark</c> means the system's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="theme">The theme.</param>
    public static void SetTheme(this HttpContext context, string theme) =>
        context.Write(ThemeCookie, theme is "light" or "dark" ? theme : "auto");

    /// <summary>Whether the shop accepts <paramref name="userId"/> as a user id.</summary>
    /// <param name="userId">Any text.</param>
    /// <returns>True for 1 to 64 characters of <c>A-Z a-z 0-9 . _ @ -</c>, but not <c>.</c> or <c>..</c>.</returns>
    public static bool IsUserId(string? userId) => userId is not (null or "." or "..") && UserId().IsMatch(userId);

    /// <summary>The name of a cookie for the port that this request came in at.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name without the port.</param>
    /// <returns>For example <c>buyer-8080</c>.</returns>
    public static string NameOf(this HttpContext context, string name) => NameOf(name, context.Connection.LocalPort);

    /// <summary>The name of the cookie of the forms' tokens, which has to be known before the first request.</summary>
    /// <param name="addresses">Where the server listens, as the host gave it.</param>
    /// <returns>For example <c>form-8080</c>.</returns>
    internal static string FormCookieOf(string? addresses) =>
        NameOf(
            FormCookie,
            addresses?.Split(';') is [var first, ..] && Uri.TryCreate(first, UriKind.Absolute, out var uri)
                ? uri.Port
                : 0
        );

    /// <summary>Whether the browser sends cookies at all: each of our pages with a form leaves at least one.</summary>
    /// <param name="context">The request.</param>
    /// <returns>False for a browser that was told not to.</returns>
    internal static bool SendsCookies(this HttpContext context) => context.Request.Cookies.Count > 0;

    private static string NameOf(string name, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{port}");

    [GeneratedRegex(@"\A[A-Za-z0-9._@-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex UserId();

    /// <summary>Sets a cookie that no script and no other port reads.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name without the port.</param>
    /// <param name="value">The value.</param>
    /// <param name="kept">For how long; a year when null.</param>
    /// <param name="sameSite">Which pages of others it goes with.</param>
    /// <param name="path">Which pages of ours it goes to.</param>
    internal static void Write(
        this HttpContext context,
        string name,
        string value,
        TimeSpan? kept = null,
        SameSiteMode sameSite = SameSiteMode.Lax,
        string path = "/"
    ) =>
        context.Response.Cookies.Append(
            context.NameOf(name),
            value,
            new()
            {
                HttpOnly = true,
                SameSite = sameSite,
                Secure = context.Request.IsHttps,
                MaxAge = kept ?? Kept,
                Path = path,
                IsEssential = true,
            }
        );
}
