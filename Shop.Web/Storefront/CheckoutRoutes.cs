using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Site;

namespace Shop.Web.Storefront;

/// <summary>
/// Makes the order. The key was minted when the checkout page was first shown and stands in its address and its form:
/// back, reload, a second press and another server all repeat the same request.
/// </summary>
internal static class CheckoutRoutes
{
    internal const string Page = "/checkout";

    /// <summary>A second press waits this often for the first one, which is still under way.</summary>
    private const int MaxWaits = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    internal static void MapCheckout(this WebApplication app) => app.MapPost(Page, Place).RequireOwnForm();

    /// <summary>The checkout page with this key.</summary>
    internal static string PageWith(Guid key) => $"{Page}?key={key:N}";

    private static async Task<RedirectHttpResult> Place(
        [FromForm] Guid key,
        ShopClient shop,
        Courier courier,
        TimeProvider time,
        HttpContext context
    )
    {
        // The buyer may close the page; the order is finished all the same, bounded by the client's own time-out.
        var answer = await shop.Checkout(context.Buyer(), $"{key:N}", CancellationToken.None);
        for (var wait = 0; wait < MaxWaits && IsUnderWay(answer.Problem); wait++)
        {
            var pause = answer.Problem!.RetryAfter!.Value;
            await Task.Delay(pause < LongestWait ? pause : LongestWait, time, context.RequestAborted);
            answer = await shop.Checkout(context.Buyer(), $"{key:N}", CancellationToken.None);
        }

        return answer switch
        {
            { Value: { } order } => Placed(order, answer.Replayed, courier, context),
            { Problem: { Status: StatusCodes.Status409Conflict } problem } => courier.Refuse(
                "/cart",
                new($"{problem.Sentence} Nothing was ordered or reserved.", IsError: true)
            ),
            { Problem: { } problem } => courier.Refuse(
                PageWith(key),
                new(
                    $"{problem.Sentence} Press the button again: it stays one order, however often you do.",
                    IsError: true
                )
            ),
            _ => courier.Refuse(PageWith(key), new("The shop sent no order back. Press again.", IsError: true)),
        };
    }

    private static bool IsUnderWay(ApiProblem? problem) =>
        problem is { Status: StatusCodes.Status409Conflict, RetryAfter: not null };

    private static RedirectHttpResult Placed(Order order, bool replayed, Courier courier, HttpContext context)
    {
        context.SetCartCount(0);
        return courier.Send(
            order.Address,
            replayed
                ? "This order was placed already. It was not placed a second time."
                : "Thank you. Your order is placed."
        );
    }
}
