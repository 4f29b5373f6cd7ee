using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Web.Site;

namespace Shop.Web.Storefront;

/// <summary>What the forms of the order pages do.</summary>
internal static class OrderRoutes
{
    internal static void MapOrders(this WebApplication app) =>
        app.MapPost("/orders/{userId}/{id:guid}/cancel", Cancel).RequireOwnForm();

    private static async Task<RedirectHttpResult> Cancel(
        string userId,
        Guid id,
        ShopClient shop,
        Courier courier,
        HttpContext context
    )
    {
        var page = $"/orders/{Uri.EscapeDataString(userId)}/{id}";
        var answer = await shop.Cancel(userId, id, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(page, new(problem.Sentence, IsError: true))
            : courier.Send(page, "The order is cancelled. What was taken from the shelf is back on it.");
    }
}
