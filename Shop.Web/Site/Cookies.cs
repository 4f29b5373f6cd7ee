using System.Globalization;
using System.Text.RegularExpressions;

namespace Shop.Web.Site;

/// <summary>The cookies of the site. None holds anything that the shop could not make again.</summary>
public static partial class Cookies
{
    /// <summary>Who buys: a user id of the shop. There is no login; a reader may change it.</summary>
    private const string BuyerCookie = "buyer";

    /// <summary>How many pieces the cart held when it was last seen, for the header.</summary>
    private const string CountCookie = "cart-count";

    private const string ThemeCookie = "theme";

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

        if (context.Request.Cookies[BuyerCookie] is { } sent && IsUserId(sent))
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
            context.Request.Cookies[CountCookie],
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
    }

    /// <summary>The reader's theme.</summary>
    /// <param name="context">The request.</param>
    /// <returns><c>light</c>, <c>dark</c>, or <c>auto</c> for the system's.</returns>
    public static string Theme(this HttpContext context) =>
        context.Request.Cookies[ThemeCookie] is "light" or "dark" ? context.Request.Cookies[ThemeCookie]! : "auto";

    /// <summary>Remembers the reader's theme; anything but <c>light</c> and <c>dark</c> means the system's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="theme">The theme.</param>
    public static void SetTheme(this HttpContext context, string theme) =>
        context.Write(ThemeCookie, theme is "light" or "dark" ? theme : "auto");

    /// <summary>Whether the shop accepts <paramref name="userId"/> as a user id.</summary>
    /// <param name="userId">Any text.</param>
    /// <returns>True for 1 to 64 characters of <c>A-Z a-z 0-9 . _ @ -</c>.</returns>
    public static bool IsUserId(string? userId) => userId is not null && UserId().IsMatch(userId);

    [GeneratedRegex(@"\A[A-Za-z0-9._@-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex UserId();

    private static void Write(this HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(
            name,
            value,
            new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = Kept,
                IsEssential = true,
            }
        );
}
