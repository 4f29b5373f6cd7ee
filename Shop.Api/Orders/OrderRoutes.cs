using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Shop.Api.Idempotency;
using Shop.Api.Requests;
using Shop.Api.Wire;
using Shop.Api.Wire.Description;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Api.Orders;

/// <summary>Routes of orders.</summary>
public static class OrderRoutes
{
    /// <summary>Adds what the routes need, and idempotent writes, which the carts need too.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddOrders(this IHostApplicationBuilder builder)
    {
        builder.AddIdempotency();
        builder.Services.AddSingleton<OrderStore>();
        builder.Services.AddSingleton<OrderDesk>();
        builder.Services.AddSingleton<OrderMetrics>();
    }

    /// <summary>Maps <c>/orders</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/orders").WithTags("Orders").NotStored().HoldAddresses().OpenTo(UserId.Holder);
        group
            .MapPost("", Place)
            .AddEndpointFilter(routes.ServiceProvider.GetRequiredService<OrderMetrics>())
            .Produces<Order>(StatusCodes.Status201Created)
            .Describe(
                "Places an order, all or nothing",
                [409, 422],
                parameters: [IdempotencyKey.Header],
                headers: ["Location", "Idempotency-Replayed"],
                example: """
                {"userId":"ada","items":[{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1}]}
                """
            );
        group
            .MapGet("/{userId}", List)
            .Produces<Order[]>()
            .Describe(
                "A user's orders, newest first",
                parameters: ["limit", "after"],
                headers: ["Link", "X-Total-Count"]
            );
        group.MapGet("/{userId}/{orderId}", Find).Produces<Order>().Describe("One order", [404]);
        group
            .MapPost("/{userId}/{orderId}/cancel", Cancel)
            .Produces<Order>()
            .Describe("Cancels an order and gives its stock back, once; again is as good", [404, 409]);
    }

    private static async Task<IResult> Place(
        NewOrder order,
        IdempotencyKey? key,
        IdempotentWrites writes,
        OrderDesk desk,
        HttpContext context,
        CancellationToken ct
    )
    {
        if (OrderRules.Check(order) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var user = order.UserId is null ? desk.NewGuest() : new UserId(order.UserId);
        var draft = desk.Draft(user, order.Items);
        UserId? owner = order.UserId is null ? null : user;
        return await desk.Take(writes.Describe(key, context, owner, order), draft, ct);
    }

    private static async Task<IResult> List(
        UserId userId,
        OrderListQuery query,
        OrderStore store,
        HttpContext context,
        CancellationToken ct
    ) =>
        Page.Result(
            await store.Page(userId, query, ct),
            OrderListQuery.List,
            (place, token) => store.Page(userId, query with { After = place }, token),
            order => order.Id,
            context
        );

    private static async Task<IResult> Find(UserId userId, Guid orderId, OrderStore store, CancellationToken ct) =>
        await store.Find(userId, orderId, ct) is { } order ? TypedResults.Ok(order) : Missing(userId, orderId);

    private static async Task<IResult> Cancel(UserId userId, Guid orderId, OrderStore store, CancellationToken ct)
    {
        try
        {
            return await store.Cancel(userId, orderId, ct) is { } order
                ? TypedResults.Ok(order)
                : Missing(userId, orderId);
        }
        catch (PostgresException full) when (full.SqlState is PostgresErrorCodes.NumericValueOutOfRange)
        {
            return Problems.Of(
                StatusCodes.Status409Conflict,
                "A product of this order has as much stock as can be counted. Nothing was given back."
            );
        }
    }

    private static ProblemHttpResult Missing(UserId user, Guid id) =>
        Problems.Of(StatusCodes.Status404NotFound, $"{user} has no order {id}.");
}
