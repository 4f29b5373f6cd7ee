using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Site;

namespace Shop.Web.Storefront;

/// <summary>What the forms of the product and cart pages do: ask the shop, then send the browser on.</summary>
internal static class CartRoutes
{
    private const string CartPage = "/cart";

    internal static void MapCart(this WebApplication app)
    {
        var cart = app.MapGroup(CartPage).RequireOwnForm();
        cart.MapPost("/items", Add);
        cart.MapPost("/items/{productId:guid}", SetQuantity);
        cart.MapPost("/items/{productId:guid}/remove", Remove);
    }

    private static async Task<RedirectHttpResult> Add(
        [FromForm] Guid productId,
        [FromForm] string? quantity,
        [FromForm] Guid key,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        var page = $"/products/{productId}";
        if (!Quantity.TryRead(quantity, out var pieces))
        {
            return courier.Refuse(page, new(Quantity.Rule, IsError: true, Line: "quantity", Entered: Short(quantity)));
        }

        var answer = await shop.Add(context.Buyer(), productId, pieces, $"{key:N}", context.RequestAborted);
        if (answer.Problem is { Status: StatusCodes.Status422UnprocessableEntity })
        {
            // The page was sent before with another quantity: that is another intent, and gets a key of its own.
            answer = await shop.Add(
                context.Buyer(),
                productId,
                pieces,
                $"{Guid.CreateVersion7():N}",
                context.RequestAborted
            );
        }

        if (answer.Problem is { } problem)
        {
            return courier.Refuse(page, new(Words(problem), IsError: true, Line: "quantity", Entered: Short(quantity)));
        }

        Count(context, answer);
        return courier.Send(
            CartPage,
            answer.Replayed ? "That was added before; nothing was added a second time."
                : pieces == 1 ? "Added to your cart."
                : $"Added {pieces} pieces to your cart."
        );
    }

    private static async Task<RedirectHttpResult> SetQuantity(
        Guid productId,
        [FromForm] string? quantity,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        var line = productId.ToString();
        if (!Quantity.TryRead(quantity, out var pieces))
        {
            return courier.Refuse(CartPage, new(Quantity.Rule, IsError: true, line, Short(quantity)));
        }

        var answer = await shop.SetQuantity(context.Buyer(), productId, pieces, context.RequestAborted);
        Count(context, answer);
        return answer.Problem is { } problem
            ? courier.Refuse(CartPage, new(Words(problem), IsError: true, line, Short(quantity)))
            : courier.Send(CartPage, "The quantity is changed.");
    }

    private static async Task<RedirectHttpResult> Remove(
        Guid productId,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        var answer = await shop.Remove(context.Buyer(), productId, context.RequestAborted);
        Count(context, answer);
        return answer.Problem is { } problem
            ? courier.Refuse(CartPage, new(Words(problem), IsError: true, productId.ToString()))
            : courier.Send(CartPage, "Removed from your cart.");
    }

    /// <summary>What stood in the field goes back into it, but not a novel: it travels in a cookie.</summary>
    private static string? Short(string? entered) => entered is { Length: > 20 } ? entered[..20] : entered;

    private static string Words(ApiProblem problem) =>
        problem.Status is StatusCodes.Status404NotFound
            ? "This product is not sold any more."
            : problem.ErrorOf("quantity") ?? problem.ErrorOf("productId") ?? problem.Sentence;

    private static void Count(HttpContext context, Answer<Cart> answer)
    {
        if (answer.Value is { } cart)
        {
            context.SetCartCount(cart.Count);
        }
    }
}
