using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Site;
using Shop.Web.Visitors;

namespace Shop.Web.Storefront;

/// <summary>What the forms of the order pages do.</summary>
internal static class OrderRoutes
{
    private const string CartPage = "/cart";

    internal static void MapOrders(this WebApplication app)
    {
        app.MapPost("/orders/{userId}/{id:guid}/cancel", Cancel).RequireOwnForm().OpenToVisitors();
        app.MapPost("/orders/{userId}/{id:guid}/again", BuyAgain).RequireOwnForm().OpenToVisitors();
    }

    private static async Task<RedirectHttpResult> Cancel(
        string userId,
        Guid id,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        var page = PageOf(userId, id);
        var answer = await shop.Cancel(userId, id, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(page, new(problem.Sentence, IsError: true))
            : courier.Send(page, "Order cancelled. The items are back in stock.");
    }

    /// <summary>Puts the lines of an order into the cart of whoever asks, as far as they are still sold.</summary>
    private static async Task<RedirectHttpResult> BuyAgain(
        string userId,
        Guid id,
        [FromForm] Guid key,
        ShopClient shop,
        CartFitter fitter,
        Courier courier,
        HttpContext context
    )
    {
        var found = await shop.Order(userId, id, context.RequestAborted);
        if (found.Value is not { } order)
        {
            return courier.Refuse(PageOf(userId, id), new(found.Problem!.Sentence, IsError: true));
        }

        var (last, left, before) = (new Answer<Cart>(), new List<string>(), 0);
        // An order has at most a hundred lines; each is added once for one press.
        for (var line = 0; line < order.Items.Count; line++)
        {
            var item = order.Items[line];
            var once = string.Create(CultureInfo.InvariantCulture, $"{key:N}-{line}");
            var answer = await shop.Add(context.Buyer(), item.ProductId, item.Quantity, once, context.RequestAborted);
            if (answer.Problem is { IsTransient: true } problem)
            {
                // Under the same key, or the lines that are there already would be added again.
                return courier.Refuse(
                    $"{PageOf(userId, id)}?key={key:N}",
                    new($"{problem.Sentence} Some items may be missing in your cart: press again.", IsError: true)
                );
            }

            if (answer.Problem is not null)
            {
                left.Add(item.Name);
            }

            if (answer.Replayed)
            {
                // What the cart held then says nothing of what it holds now.
                before++;
                continue;
            }

            last = answer.Value is null ? last : answer;
        }

        var fitted = await fitter.Fit(last, only: null, context.RequestAborted);
        if (fitted.Cart.Value is { } cart)
        {
            context.SetCartCount(cart.Count);
        }

        return courier.Send(CartPage, Words(order.Items.Count - left.Count - before, before, left, fitted.Words));
    }

    /// <summary>What is said of it. Pure.</summary>
    private static string Words(int added, int before, List<string> left, IReadOnlyList<string> changed) =>
        string.Join(
            ' ',
            [
                (added, before) switch
                {
                    (0, 0) => "Nothing was added.",
                    (0, _) => "That was added before; nothing was added a second time.",
                    (1, _) => "1 item of that order added to your cart.",
                    _ => $"{added} items of that order added to your cart.",
                },
                .. left.Take(MostNamed).Select(name => $"{name} could not be added."),
                .. changed.Take(MostNamed),
            ]
        );

    private const int MostNamed = 3;

    private static string PageOf(string userId, Guid id) => $"/orders/{Uri.EscapeDataString(userId)}/{id}";
}
