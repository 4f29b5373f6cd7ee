using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Api.Idempotency;
using Shop.Api.Orders;
using Shop.Api.Purging;
using Shop.Api.Requests;
using Shop.Api.Storage;
using Shop.Api.Wire;
using Shop.Api.Wire.Description;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Text;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Api.Carts;

/// <summary>Routes of carts.</summary>
public static class CartRoutes
{
    /// <summary>Adds what the routes need.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddCarts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CartStore>();
        builder.Services.AddSingleton<Checkout>();
        builder.AddPurge<CartPurge, CartOptions>(CartOptions.Section);
    }

    /// <summary>Maps <c>/cart</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void MapCarts(this IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup("/cart/{userId}")
            .WithTags("Cart")
            .NotStored()
            .HoldAddresses()
            .OpenTo(UserId.Holder);
        group
            .MapPost("", Add)
            .Produces<Cart>()
            .Describe(
                "Adds to a cart; quantities add up",
                [404, 409, 422],
                parameters: [IdempotencyKey.Header],
                headers: ["Idempotency-Replayed"],
                example: """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":2}"""
            );
        group.MapGet("", Find).Produces<Cart>().Describe("A cart at present prices, with warnings");
        group.MapDelete("", Empty).Produces<Cart>().Describe("Empties a cart");
        group
            .MapPut("/item/{productId}", Set)
            .Produces<Cart>()
            .Describe("Sets a quantity", [404], example: """{"quantity":3}""");
        group.MapDelete("/item/{productId}", Remove).Produces<Cart>().Describe("Takes a product out of a cart");
        group
            .MapPost("/checkout", CheckOut)
            .Produces<Order>(StatusCodes.Status201Created)
            .Describe(
                "Makes an order of a cart, and empties it",
                [409, 422],
                parameters: [IdempotencyKey.Header],
                headers: ["Location", "Idempotency-Replayed"],
                example: "{}"
            );
    }

    private static async Task<IResult> Add(
        UserId userId,
        CartAddition addition,
        IdempotencyKey? key,
        IdempotentWrites writes,
        ShopStorage storage,
        Replies replies,
        HttpContext context,
        CancellationToken ct
    )
    {
        if (!OrderRules.IsQuantity(addition.Quantity))
        {
            return InvalidQuantity();
        }

        var request = writes.Describe(key, context, userId, addition);
        var add = writes.Once(
            request,
            async (connection, token) =>
                await CartStore.Add(connection, userId, addition, token) switch
                {
                    CartEdit.Done done => replies.Done(StatusCodes.Status200OK, done.Cart),
                    var edit => replies.Refusal(Refused(edit, addition.ProductId), request.Origin),
                }
        );
        return await storage.Write(add, ct);
    }

    private static async Task<IResult> Find(UserId userId, CartStore store, CancellationToken ct) =>
        TypedResults.Ok(await store.Find(userId, ct));

    private static async Task<IResult> Set(
        UserId userId,
        Guid productId,
        CartQuantity change,
        CartStore store,
        CancellationToken ct
    )
    {
        if (!OrderRules.IsQuantity(change.Quantity))
        {
            return InvalidQuantity();
        }

        return await store.Set(userId, productId, change.Quantity, ct) switch
        {
            CartEdit.Done done => TypedResults.Ok(done.Cart),
            var edit => TypedResults.Problem(Refused(edit, productId)),
        };
    }

    private static async Task<IResult> Remove(UserId userId, Guid productId, CartStore store, CancellationToken ct) =>
        TypedResults.Ok(await store.Remove(userId, productId, ct));

    private static async Task<IResult> Empty(UserId userId, CartStore store, CancellationToken ct) =>
        TypedResults.Ok(await store.Empty(userId, ct));

    /// <summary>Without a body there are no terms. The body <c>null</c> binds the same way, and is 400.</summary>
    private static async Task<IResult> CheckOut(
        UserId userId,
        CheckoutTerms? terms,
        IdempotencyKey? key,
        Checkout checkout,
        HttpContext context,
        CancellationToken ct
    ) =>
        terms is null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            ? Problems.Invalid("body", "Must not be null.")
        : terms?.Expected is { } seen && !UniformText.IsPlain(seen, mayHaveLines: false)
            ? Problems.Invalid("expected", "Must be the digest of a cart.")
        : await checkout.Run(userId, terms ?? new(), key, context, ct);

    private static ProblemHttpResult InvalidQuantity() => Problems.Invalid("quantity", OrderRules.QuantityRule);

    private static ProblemDetails Refused(CartEdit edit, Guid productId) =>
        edit switch
        {
            CartEdit.TooMany => Invalid("quantity", "A cart holds at most 1000 pieces of a product."),
            CartEdit.Full => Invalid("productId", "A cart holds at most 100 different products."),
            _ => Problems.Details(StatusCodes.Status404NotFound, $"There is no product {productId}."),
        };

    private static HttpValidationProblemDetails Invalid(string member, string rule) =>
        Problems.InvalidDetails(new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [rule] });
}
