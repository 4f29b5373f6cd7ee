using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Shop.Api.Products;
using Shop.Api.Requests;
using Workshop.ServiceDefaults.Idempotency;

namespace Shop.Api.Wire.Description;

/// <summary>All parameters of the shop, each described once.</summary>
internal static class ParameterTable
{
    /// <summary>The characters of a user's id, which is not <c>.</c> or <c>..</c>.</summary>
    public const string UserIdPattern = "^([A-Za-z0-9_@-]|\\.{1,2}[A-Za-z0-9_@-]|\\.{3})[A-Za-z0-9._@-]*$";

    private const int MaxTagsLength = 1000;

    private const int MaxPlaceLength = 1400;

    private static readonly Dictionary<string, Func<OpenApiParameter>> Table = new(StringComparer.Ordinal)
    {
        ["id"] = () => Path("id", Uuid(), "The product's id."),
        ["productId"] = () => Path("productId", Uuid(), "The product's id."),
        ["orderId"] = () => Path("orderId", Uuid(), "The order's id."),
        ["userId"] = () => Path("userId", Text(1, UserId.MaxLength, UserIdPattern), "Whose."),
        ["category"] = () =>
            Query("category", Text(0, ProductRules.MaxCategoryLength), "This category, whatever its case and accents."),
        ["inStock"] = () => Query("inStock", new() { Type = JsonSchemaType.Boolean }, "Only with, or without, stock."),
        ["search"] = () =>
            Query(
                "search",
                Text(0, ProductQuery.MaxSearchLength),
                "Text in name or description, whatever its case and accents."
            ),
        ["minPrice"] = () => Query("minPrice", Amount(), "Lowest price, EUR."),
        ["maxPrice"] = () => Query("maxPrice", Amount(), "Highest price, EUR."),
        ["sort"] = () =>
            Query(
                "sort",
                new()
                {
                    Type = JsonSchemaType.String,
                    Enum =
                    [
                        .. ProductQuery.Sorts.Keys.Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name)),
                    ],
                    Default = "name",
                },
                "The order; ties go by id."
            ),
        ["limit"] = () =>
            Query(
                "limit",
                Whole(1, Requests.Page.MaxLimit),
                "Size of a page. Without it everything is sent, as a stream."
            ),
        ["after"] = () =>
            Query("after", Text(1, MaxPlaceLength, "^[A-Za-z0-9_-]+$"), "Where the page before ended; from its Link."),
        ["revision"] = () =>
            Query("revision", Whole(1, int.MaxValue), "Only if the product still has the edits that were seen."),
        ["If-Match"] = () => Header("If-Match", Text(1, MaxTagsLength), "Only if the version is one of these."),
        ["If-None-Match"] = () =>
            Header("If-None-Match", Text(1, MaxTagsLength), "Only if the version is none of these."),
        [IdempotencyKey.Header] = () =>
            Header(
                IdempotencyKey.Header,
                Text(1, IdempotencyKey.MaxLength, "^[!-~]+$"),
                "Names one intended write. A repeat returns the first success."
            ),
    };

    /// <summary>A description of the parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none in the table.</exception>
    public static OpenApiParameter Describe(string name) => Table[name]();

    /// <summary>A UUID as the shop writes it.</summary>
    public static OpenApiSchema Uuid() =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "uuid",
            MaxLength = Identifier.Length,
        };

    /// <summary>Text of a length.</summary>
    public static OpenApiSchema Text(int min, int max, string? pattern = null) =>
        new()
        {
            Type = JsonSchemaType.String,
            MinLength = min == 0 ? null : min,
            MaxLength = max,
            Pattern = pattern,
        };

    private static OpenApiSchema Amount() =>
        new()
        {
            Type = JsonSchemaType.Number,
            Format = "double",
            Minimum = "0",
        };

    private static OpenApiSchema Whole(int min, int max) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = min.ToString(CultureInfo.InvariantCulture),
            Maximum = max.ToString(CultureInfo.InvariantCulture),
        };

    private static OpenApiParameter Path(string name, OpenApiSchema schema, string text) =>
        New(name, ParameterLocation.Path, schema, text, required: true);

    private static OpenApiParameter Query(string name, OpenApiSchema schema, string text) =>
        New(name, ParameterLocation.Query, schema, text, required: false);

    private static OpenApiParameter Header(string name, OpenApiSchema schema, string text) =>
        New(name, ParameterLocation.Header, schema, text, required: false);

    private static OpenApiParameter New(
        string name,
        ParameterLocation place,
        OpenApiSchema schema,
        string text,
        bool required
    ) =>
        new()
        {
            Name = name,
            In = place,
            Required = required,
            Description = text,
            Schema = schema,
        };
}
