using Microsoft.AspNetCore.Mvc;
using Shop.Api.Idempotency;
using Shop.Api.Orders;
using Shop.Api.Requests;
using Shop.Api.Storage;
using Shop.Api.Wire.Description;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Api.Products;

/// <summary>Routes of products and categories.</summary>
public static class ProductRoutes
{
    /// <summary>Adds what the routes need.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddProducts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProductStore>();
        builder.Services.AddSingleton<ProductList>();
    }

    /// <summary>Maps <c>/products</c> and <c>/categories</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void MapProducts(this IEndpointRouteBuilder routes)
    {
        var group = routes
            .MapGroup("/products")
            .WithTags("Products")
            .HoldAddresses()
            .OpenTo("anybody: the shop has no accounts");
        group
            .MapGet("", List)
            .Produces<Product[]>()
            .Describe(
                "All products, or a page of them",
                parameters: ["category", "inStock", "search", "minPrice", "maxPrice", "sort", "limit", "after"],
                headers: ["Link", "X-Total-Count"]
            );
        group
            .MapGet("/{id}", Find)
            .Produces<Product>()
            .Produces(StatusCodes.Status304NotModified)
            .Describe("One product", [404, 412], parameters: ["If-Match", "If-None-Match"], headers: ["ETag"]);
        group
            .MapPost("", Create)
            .Produces<Product>(StatusCodes.Status201Created)
            .Describe(
                "Makes a product",
                [409, 422],
                parameters: [IdempotencyKey.Header],
                headers: ["ETag", "Location", "Idempotency-Replayed"],
                example: """{"name":"Lamp","description":"Warm.","price":12.50,"category":"Stationery","stock":3}"""
            );
        group
            .MapPut("/{id}", Change)
            .Produces<Product>()
            .Describe(
                "Changes the members that are given",
                [404, 409, 412, 422],
                parameters: ["If-Match", "If-None-Match", IdempotencyKey.Header],
                headers: ["ETag", "Idempotency-Replayed"],
                example: """{"price":11.90,"stock":5}"""
            );
        group
            .MapDelete("/{id}", Delete)
            .Produces<ProductDeleted>()
            .Describe(
                "Deletes a product; orders keep their lines",
                [404, 412],
                parameters: ["revision", "If-Match", "If-None-Match"]
            );
        routes
            .MapGet("/categories", Categories)
            .WithTags("Products")
            .HoldAddresses()
            .Produces<CategoryCount[]>()
            .Describe("The categories in use, with their counts", [400]);
    }

    private static async Task<IResult> List(
        ProductQuery query,
        ProductList list,
        HttpContext context,
        CancellationToken ct
    ) =>
        Page.Result(
            await list.Page(query, ct),
            query.List,
            (place, token) => list.Page(query with { After = place }, token),
            product => product.Id,
            context
        );

    private static async Task<IResult> Find(Guid id, ProductStore store, HttpContext context, CancellationToken ct)
    {
        if (await store.Find(id, ct) is not { } product)
        {
            return Problems.Of(StatusCodes.Status404NotFound, Missing(id));
        }

        var condition = Precondition.Of(context.Request);
        if (!condition.IsMatched(product.Tag))
        {
            return TypedResults.Problem(Refused(new ProductEdit.OtherVersion(), id));
        }

        context.Response.Headers.ETag = product.Tag;
        return condition.IsKnown(product.Tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(product);
    }

    private static async Task<IResult> Create(
        NewProduct product,
        IdempotencyKey? key,
        IdempotentWrites writes,
        ShopStorage storage,
        Replies replies,
        DatabaseClock clock,
        HttpContext context,
        CancellationToken ct
    )
    {
        var made = ProductRules.Uniform(product);
        if (ProductRules.Check(made) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var now = clock.Now;
        var id = Guid.CreateVersion7(new DateTimeOffset(now));
        var create = writes.Once(
            writes.Describe(key, context, user: null, made),
            async (connection, token) =>
                await ProductStore.Create(connection, id, made, now, token) is var created
                    ? replies.Done(StatusCodes.Status201Created, created) with
                    {
                        Location = $"/products/{created.Id}",
                        EntityTag = created.Tag,
                    }
                    : throw new InvalidOperationException("What was inserted is returned.")
        );
        return await storage.Write(create, ct);
    }

    private static async Task<IResult> Change(
        Guid id,
        ProductChange change,
        IdempotencyKey? key,
        IdempotentWrites writes,
        ShopStorage storage,
        Replies replies,
        HttpContext context,
        CancellationToken ct
    )
    {
        var wanted = ProductRules.Uniform(change);
        var errors = ProductRules.Check(wanted);
        if (wanted.StockChange is null)
        {
            context.TakesNoKey();
            if (key is not null)
            {
                errors[IdempotencyKey.Header] =
                [
                    "Only a change with stockChange takes a key; any other can be repeated as it is.",
                ];
            }
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var condition = Precondition.Of(context.Request);
        var request = writes.Describe(key, context, user: null, wanted, id);
        var edit = writes.Once(
            request,
            async (connection, token) =>
                await ProductStore.Change(connection, id, wanted, condition, token) switch
                {
                    ProductEdit.Done { Product: { } product } => replies.Done(StatusCodes.Status200OK, product) with
                    {
                        EntityTag = product.Tag,
                    },
                    var refused => replies.Refusal(Refused(refused, id), request.Origin),
                }
        );
        return await storage.Write(edit, ct);
    }

    private static async Task<IResult> Delete(
        Guid id,
        ProductDeletion seen,
        ProductStore store,
        HttpContext context,
        CancellationToken ct
    ) =>
        await store.Delete(id, seen, Precondition.Of(context.Request), ct) is var edit and not ProductEdit.Done
            ? TypedResults.Problem(Refused(edit, id))
            : TypedResults.Ok(new ProductDeleted("The product was deleted.", id));

    private static async Task<IResult> Categories(ProductStore store, CancellationToken ct) =>
        TypedResults.Ok(await store.Categories(ct));

    private static ProblemDetails Refused(ProductEdit edit, Guid id) =>
        edit switch
        {
            ProductEdit.OtherVersion => Problems.Details(
                StatusCodes.Status412PreconditionFailed,
                "The product has changed meanwhile; read it again for its present version."
            ),
            ProductEdit.Differs differs => Problems.Details(
                StatusCodes.Status412PreconditionFailed,
                $"Somebody else has changed {string.Join(", ", differs.Now.Keys)} meanwhile. Nothing was saved.",
                ("differs", differs.Now)
            ),
            ProductEdit.StockOut { Change: < 0 } few => Problems.Details(
                StatusCodes.Status409Conflict,
                $"There are {few.Stock} pieces, and {-few.Change} were to be taken away. Nothing was changed.",
                ("shortages", new[] { new Shortage(id, -few.Change, few.Stock) })
            ),
            ProductEdit.StockOut many => Problems.Details(
                StatusCodes.Status409Conflict,
                $"There are {many.Stock} pieces; the change would lead to more than 1000000. Nothing was changed."
            ),
            _ => Problems.Details(StatusCodes.Status404NotFound, Missing(id)),
        };

    private static string Missing(Guid id) => $"There is no product {id}.";
}
