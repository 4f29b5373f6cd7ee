using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Redundancy;
using Shop.Web.Site;
using Shop.Web.Visitors;

namespace Shop.Web.Storefront;

/// <summary>
/// Makes the order that its page shows: the form carries the buyer, and the digest of lines, prices and total. The key was
/// minted when the page was first shown and stands in its address and its form: back, reload, a second press and another
/// server all repeat the same request.
/// </summary>
internal static class CheckoutRoutes
{
    internal const string Page = "/checkout";

    /// <summary>A second press waits this often for the first one, which is still under way.</summary>
    private const int MaxWaits = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    internal static void MapCheckout(this WebApplication app) =>
        app.MapPost(Page, Place).RequireOwnForm().OpenToVisitors();

    /// <summary>The checkout page with this key.</summary>
    internal static string PageWith(Guid key) => $"{Page}?key={key:N}";

    /// <summary>The page anew, with a key of its own: another intent.</summary>
    private static string NewPage() => PageWith(Guid.CreateVersion7());

    private static async Task<RedirectHttpResult> Place(
        [FromForm] Guid key,
        [FromForm] string? buyer,
        [FromForm] string? digest,
        ShopClient shop,
        Courier courier,
        Acknowledgements acknowledgements,
        FaultWindow window,
        Trail trail,
        TimeProvider time,
        HttpContext context
    )
    {
        if (buyer is null || digest is null || !string.Equals(buyer, context.Buyer(), StringComparison.Ordinal))
        {
            return courier.Refuse(
                NewPage(),
                new($"You shop as {BuyerName.Of(context.Buyer())} now. {LookAgain}", IsError: true)
            );
        }

        var pressed = time.GetTimestamp();
        // The buyer may close the page; the order is finished all the same, bounded by the client's own time-out.
        var answer = await shop.Checkout(buyer, digest, $"{key:N}", CancellationToken.None);
        for (var wait = 0; wait < MaxWaits && IsUnderWay(answer.Problem); wait++)
        {
            var pause = answer.Problem!.RetryAfter!.Value;
            await Task.Delay(pause < LongestWait ? pause : LongestWait, time, context.RequestAborted);
            answer = await shop.Checkout(buyer, digest, $"{key:N}", CancellationToken.None);
        }

        // By an earlier press, and not by an earlier attempt of this one, whose server went before it could say so.
        var isAgain = answer.Replayed && trail.Rerouted == TimeSpan.Zero;
        if (answer.Value is { } confirmed && trail.LastServer is { } server)
        {
            window.Bought(buyer);
            var took = (int)time.GetElapsedTime(pressed).TotalMilliseconds;
            acknowledgements.Keep(context, confirmed, new(server, took, $"{key:N}", isAgain, Trail.TraceId));
        }

        return answer switch
        {
            { Value: { } order } => await Placed(order, isAgain, shop, courier, context),
            // The page is of a cart that is no more: another page, with a key of its own, shows the one that is.
            { Problem: { Status: StatusCodes.Status409Conflict, Cart: not null } } => courier.Refuse(
                NewPage(),
                new($"Your cart has changed. {LookAgain}", IsError: true)
            ),
            { Problem: { Status: StatusCodes.Status422UnprocessableEntity } } => courier.Refuse(
                NewPage(),
                new($"That page's order was placed already. {LookAgain}", IsError: true)
            ),
            { Problem: { Status: StatusCodes.Status409Conflict } problem } when !IsUnderWay(problem) => courier.Refuse(
                "/cart",
                new($"{problem.Sentence} Your cart is as it was.", IsError: true)
            ),
            { Problem: { IsTransient: false, RetryAfter: null } problem } => courier.Refuse(
                NewPage(),
                new($"{problem.Sentence} {LookAgain}", IsError: true)
            ),
            _ => courier.Refuse($"{PageWith(key)}&digest={Uri.EscapeDataString(digest)}", new(Again, IsError: true)),
        };
    }

    private const string LookAgain = "Nothing was ordered: check the list below, then press again.";

    private const string Again =
        "The shop is not answering right now. Press the button again: it stays one order, however often you press.";

    private static bool IsUnderWay(ApiProblem? problem) =>
        problem is { Status: StatusCodes.Status409Conflict, RetryAfter: not null };

    private static async Task<RedirectHttpResult> Placed(
        Order order,
        bool isAgain,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        if (!isAgain)
        {
            context.SetCartCount(0);
        }
        else if ((await shop.Cart(context.Buyer(), context.RequestAborted)).Value is { } cart)
        {
            // The order was placed before, and the cart may have been filled since.
            context.SetCartCount(cart.Count);
        }

        return courier.Send(
            order.Address,
            isAgain
                ? "You placed this order already. It was not placed a second time."
                : "Thank you. Your order is placed."
        );
    }
}
