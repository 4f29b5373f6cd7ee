using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Shop.Web.Site;

namespace Shop.Web.Storefront;

/// <summary>Who confirmed an order to this browser, and in what time.</summary>
/// <param name="Server">The shop's server that answered.</param>
/// <param name="Milliseconds">From the press to the answer, repeats included.</param>
/// <param name="Key">The idempotency key of the press.</param>
/// <param name="Again">Whether the order was placed by an earlier press, and this one found it.</param>
/// <param name="TraceId">Of the press, in the dashboard; null where nobody collects traces.</param>
public sealed record Acknowledgement(string Server, int Milliseconds, string Key, bool Again, string? TraceId = null);

/// <summary>
/// Keeps acknowledgements with the buyer who got them: the shop stores who bought what, and not who answered. Each is a sealed
/// cookie that the browser sends to that order's page alone.
/// </summary>
/// <param name="protection">Seals the cookie, so that nobody else can put words on our page.</param>
public sealed class Acknowledgements(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly SealedCookie<Acknowledgement> cookies = new(protection, typeof(Acknowledgements), Kept);

    /// <summary>Keeps <paramref name="acknowledgement"/> of <paramref name="order"/>.</summary>
    /// <param name="context">The request that placed it.</param>
    /// <param name="order">The order.</param>
    /// <param name="acknowledgement">Who confirmed it.</param>
    public void Keep(HttpContext context, Order order, Acknowledgement acknowledgement) =>
        cookies.Write(context, Name(order.Id), acknowledgement, order.Address);

    /// <summary>Who confirmed an order.</summary>
    /// <param name="context">The request for its page.</param>
    /// <param name="order">The order.</param>
    /// <returns>Null where this browser did not place it, or long ago.</returns>
    public Acknowledgement? Find(HttpContext context, Guid order) => cookies.Read(context, Name(order));

    private static string Name(Guid order) => string.Create(CultureInfo.InvariantCulture, $"order-{order:N}");
}
