using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Site;
using Shop.Web.Visitors;

namespace Shop.Web.Storefront;

/// <summary>What the forms of the product and cart pages do: ask the shop, then send the browser on.</summary>
internal static class CartRoutes
{
    /// <summary>Adds a product; the form carries product, quantity and key.</summary>
    internal const string Items = $"{Page}/items";

    /// <summary>Brings the cart to what the shop has.</summary>
    internal const string Fitting = $"{Page}/fit";

    private const string Page = "/cart";

    internal static void MapCart(this WebApplication app)
    {
        var cart = app.MapGroup(Page).RequireOwnForm().OpenToVisitors();
        cart.MapPost("/items", Add);
        cart.MapPost("/items/{productId:guid}", SetQuantity);
        cart.MapPost("/items/{productId:guid}/remove", Remove);
        cart.MapPost("/fit", Fit);
    }

    private static async Task<RedirectHttpResult> Add(
        [FromForm] Guid productId,
        [FromForm] string? quantity,
        [FromForm] Guid key,
        ShopClient shop,
        CartFitter fitter,
        Courier courier,
        HttpContext context
    )
    {
        var page = $"/products/{productId}";
        if (Quantity.Read(quantity) is not ({ } pieces and > 0))
        {
            return courier.Refuse(page, new(Quantity.Rule, IsError: true, Line: "quantity", Entered: Short(quantity)));
        }

        // The same page sent with another quantity is another intent; the same one twice is one.
        var intent = string.Create(CultureInfo.InvariantCulture, $"{key:N}-{pieces}");
        var answer = await shop.Add(context.Buyer(), productId, pieces, intent, context.RequestAborted);
        if (answer.Problem is { } problem)
        {
            // What nobody knows yet is asked again under its own key, or it would be done twice.
            var again = problem.IsTransient || problem.RetryAfter is not null ? $"{page}?key={key:N}" : page;
            return courier.Refuse(
                again,
                new(Words(problem), IsError: true, Line: "quantity", Entered: Short(quantity))
            );
        }

        if (answer.Replayed)
        {
            // What the cart held then says nothing of what it holds now.
            return courier.Send(Page, "That was added before; nothing was added a second time.");
        }

        var fitted = await fitter.Fit(answer, productId, context.RequestAborted);
        Count(context, fitted.Cart);
        var name = answer.Value?.Items.FirstOrDefault(line => line.ProductId == productId)?.Name ?? "The product";
        return courier.Send(
            Page,
            fitted.Words.Count > 0 ? string.Join(' ', fitted.Words) : $"{pieces} × {name} added to your cart."
        );
    }

    private static async Task<RedirectHttpResult> SetQuantity(
        Guid productId,
        [FromForm] string? quantity,
        ShopClient shop,
        CartFitter fitter,
        Courier courier,
        HttpContext context
    )
    {
        var line = productId.ToString();
        if (Quantity.Read(quantity) is not { } pieces)
        {
            return courier.Refuse(Page, new(Quantity.LineRule, IsError: true, line, Short(quantity)));
        }

        if (pieces == 0)
        {
            return await Remove(productId, shop, courier, context);
        }

        var answer = await shop.SetQuantity(context.Buyer(), productId, pieces, context.RequestAborted);
        if (answer.Problem is { } problem)
        {
            return courier.Refuse(Page, new(Words(problem), IsError: true, line, Short(quantity)));
        }

        var fitted = await fitter.Fit(answer, productId, context.RequestAborted);
        Count(context, fitted.Cart);
        return courier.Send(Page, fitted.Words.Count > 0 ? string.Join(' ', fitted.Words) : "Quantity updated.");
    }

    private static async Task<RedirectHttpResult> Remove(
        Guid productId,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        var before = await shop.Cart(context.Buyer(), context.RequestAborted);
        var answer = await shop.Remove(context.Buyer(), productId, context.RequestAborted);
        Count(context, answer);
        if (answer.Problem is { } problem)
        {
            return courier.Refuse(Page, new(Words(problem), IsError: true, productId.ToString()));
        }

        return before.Value?.Items.FirstOrDefault(line => line.ProductId == productId) is { } line
            ? courier.Refuse(Page, new($"{line.Name} removed from your cart.", Offer: Undo(line)))
            : courier.Send(Page, "Removed from your cart.");
    }

    private static async Task<RedirectHttpResult> Fit(
        ShopClient shop,
        CartFitter fitter,
        Courier courier,
        HttpContext context
    )
    {
        var seen = await shop.Cart(context.Buyer(), context.RequestAborted);
        if (seen.Problem is { } problem)
        {
            return courier.Refuse(Page, new(problem.Sentence, IsError: true));
        }

        var fitted = await fitter.Fit(seen, only: null, context.RequestAborted);
        Count(context, fitted.Cart);
        // The words travel in a cookie, which holds only so many.
        var told = fitted.Words.Take(MostWords).ToList();
        if (fitted.Words.Count > told.Count)
        {
            var others = fitted.Words.Count - told.Count;
            told.Add($"{Counted.Of(others, "more item was", "more items were")} changed in the same way.");
        }

        return told.Count > 0 ? courier.Send(Page, string.Join(' ', told))
            : fitted.Cart.Value is { IsUnfit: true }
                ? courier.Refuse(Page, new("Nothing could be changed just now. Press again.", IsError: true))
            : courier.Send(Page, "Everything in your cart can be ordered.");
    }

    private const int MostWords = 4;

    private static Offer? Undo(CartLine line) =>
        line.InStock
            ? new(
                "Undo",
                Items,
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["productId"] = line.ProductId.ToString(),
                    ["quantity"] = line.Quantity.ToString(CultureInfo.InvariantCulture),
                    ["key"] = Guid.CreateVersion7().ToString(),
                }
            )
            : null;

    /// <summary>What stood in the field goes back into it, but not a novel: it travels in a cookie.</summary>
    private static string? Short(string? entered) => entered is { Length: > 20 } ? entered[..20] : entered;

    private static string Words(ApiProblem problem) =>
        problem.Status is StatusCodes.Status404NotFound
            ? "This product is no longer available."
            : problem.ErrorOf("quantity") ?? problem.ErrorOf("productId") ?? problem.Sentence;

    private static void Count(HttpContext context, Answer<Cart> answer)
    {
        if (answer.Value is { } cart)
        {
            context.SetCartCount(cart.Count);
        }
    }
}
