using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Api.Requests;
using Shop.Api.Wire.Description;
using Workshop.ServiceDefaults.Errors;

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
        var group = routes.MapGroup("/products").WithTags("Products");
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
            .Describe("One product", [404], parameters: ["If-None-Match"], headers: ["ETag"]);
        group
            .MapPost("", Create)
            .Produces<Product>(StatusCodes.Status201Created)
            .Describe(
                "Makes a product",
                headers: ["ETag", "Location"],
                example: """{"name":"Lamp","description":"Warm.","price":12.50,"category":"Stationery","stock":3}"""
            );
        group
            .MapPut("/{id}", Change)
            .Produces<Product>()
            .Describe(
                "Changes the members that are given",
                [404, 412],
                parameters: ["If-Match"],
                headers: ["ETag"],
                example: """{"price":11.90,"stock":5}"""
            );
        group
            .MapDelete("/{id}", Delete)
            .Produces<ProductDeleted>()
            .Describe("Deletes a product; orders keep their lines", [404, 412], parameters: ["If-Match"]);
        routes
            .MapGet("/categories", Categories)
            .WithTags("Products")
            .Produces<CategoryCount[]>()
            .Describe("The categories in use, with their counts");
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
            context
        );

    private static async Task<IResult> Find(Guid id, ProductStore store, HttpContext context, CancellationToken ct)
    {
        if (await store.Find(id, ct) is not { } product)
        {
            return Missing(id);
        }

        context.Response.Headers.ETag = EntityTags.Of(product.Version);
        return EntityTags.IsKnown(context.Request, product.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(product);
    }

    private static async Task<IResult> Create(
        NewProduct product,
        ProductStore store,
        HttpContext context,
        CancellationToken ct
    )
    {
        if (ProductRules.Check(product) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var created = await store.Create(product, ct);
        context.Response.Headers.ETag = EntityTags.Of(created.Version);
        return TypedResults.Created($"/products/{created.Id}", created);
    }

    private static async Task<IResult> Change(
        Guid id,
        ProductChange change,
        ProductStore store,
        HttpContext context,
        CancellationToken ct
    )
    {
        if (ProductRules.Check(change) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var edit = await store.Change(id, change, EntityTags.Allowed(context.Request), ct);
        if (edit is not ProductEdit.Done { Product: { } product })
        {
            return Refused(edit, id);
        }

        context.Response.Headers.ETag = EntityTags.Of(product.Version);
        return TypedResults.Ok(product);
    }

    private static async Task<IResult> Delete(Guid id, ProductStore store, HttpContext context, CancellationToken ct) =>
        await store.Delete(id, EntityTags.Allowed(context.Request), ct) is var edit and not ProductEdit.Done
            ? Refused(edit, id)
            : TypedResults.Ok(new ProductDeleted("The product was deleted.", id));

    private static async Task<IResult> Categories(ProductStore store, CancellationToken ct) =>
        TypedResults.Ok(await store.Categories(ct));

    private static ProblemHttpResult Refused(ProductEdit edit, Guid id) =>
        edit is ProductEdit.OtherVersion
            ? Problems.Of(
                StatusCodes.Status412PreconditionFailed,
                "The product has changed meanwhile; read it again for its present version."
            )
            : Missing(id);

    private static ProblemHttpResult Missing(Guid id) =>
        Problems.Of(StatusCodes.Status404NotFound, $"There is no product {id}.");
}
