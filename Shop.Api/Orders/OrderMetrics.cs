using System.Diagnostics.Metrics;

namespace Shop.Api.Orders;

/// <summary>How many orders were asked for, by what became of them.</summary>
internal sealed class OrderMetrics(IMeterFactory meters) : IEndpointFilter
{
    private readonly Counter<long> orders = meters
        .Create("Workshop.Shop")
        .CreateCounter<long>("workshop.shop.orders", "{order}", "Orders asked for, by outcome");

    /// <summary>Counts one: <c>placed</c>, <c>replayed</c>, <c>refused</c> (stock, mistakes), <c>unavailable</c>.</summary>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.OnCompleted(() =>
        {
            orders.Add(1, new KeyValuePair<string, object?>("outcome", OutcomeOf(context.HttpContext.Response)));
            return Task.CompletedTask;
        });
        return await next(context);
    }

    private static string OutcomeOf(HttpResponse response) =>
        response.StatusCode switch
        {
            StatusCodes.Status201Created when response.Headers.ContainsKey("Idempotency-Replayed") => "replayed",
            StatusCodes.Status201Created => "placed",
            >= StatusCodes.Status500InternalServerError => "unavailable",
            _ => "refused",
        };
}
