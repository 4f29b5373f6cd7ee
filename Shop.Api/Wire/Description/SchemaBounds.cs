using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.Api.Carts;
using Shop.Api.Orders;
using Shop.Api.Products;
using Shop.Api.Requests;

namespace Shop.Api.Wire.Description;

/// <summary>
/// The bounds of members, from the same constants that the rules use; and bounds of their type for all others.
/// </summary>
internal static class SchemaBounds
{
    /// <summary>Longest text of any answer.</summary>
    private const int MaxText = 65_536;

    private const string Digest = "^[A-Za-z0-9_-]+$";

    /// <summary>Something besides white space.</summary>
    private const string NotBlank = @"\S";

    private static readonly Dictionary<(Type, string), Action<OpenApiSchema>> Members = Rules();

    /// <summary>Sets the bounds of one schema.</summary>
    public static Task Apply(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (
            context.JsonPropertyInfo is { } member
            && Members.TryGetValue((member.DeclaringType, member.Name), out var bound)
        )
        {
            bound(schema);
        }

        // A member that may be left out may still not be null.
        if (context.JsonPropertyInfo is { IsSetNullable: false })
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && context.JsonPropertyInfo is null)
        {
            schema.AdditionalPropertiesAllowed = false;
        }

        BoundByType(schema);
        return Task.CompletedTask;
    }

    /// <summary>What a type can hold is a bound too, if a wide one.</summary>
    private static void BoundByType(OpenApiSchema schema)
    {
        switch (schema.Type & ~JsonSchemaType.Null)
        {
            case JsonSchemaType.String when schema.Enum is not { Count: > 0 }:
                schema.MaxLength ??= string.Equals(schema.Format, "uuid", StringComparison.Ordinal) ? 36 : MaxText;
                break;
            case JsonSchemaType.Integer:
                var isLong = string.Equals(schema.Format, "int64", StringComparison.Ordinal);
                schema.Minimum ??= Number(isLong ? long.MinValue : int.MinValue);
                schema.Maximum ??= Number(isLong ? long.MaxValue : int.MaxValue);
                schema.Format ??= "int32";
                break;
            case JsonSchemaType.Array:
                schema.MaxItems ??= int.MaxValue;
                break;
        }
    }

    private static Dictionary<(Type, string), Action<OpenApiSchema>> Rules()
    {
        var rules = new Dictionary<(Type, string), Action<OpenApiSchema>>();
        Type[] products = [typeof(Product), typeof(NewProduct), typeof(ProductChange), typeof(SeenProduct)];
        foreach (var type in products)
        {
            rules[(type, "name")] = Text(1, ProductRules.MaxNameLength);
            rules[(type, "description")] = Text(0, ProductRules.MaxDescriptionLength);
            rules[(type, "category")] = Text(1, ProductRules.MaxCategoryLength);
            rules[(type, "price")] = Price;
            rules[(type, "stock")] = Whole(0, ProductRules.MaxStock);
        }

        foreach (var type in new[] { typeof(NewProduct), typeof(ProductChange), typeof(SeenProduct) })
        {
            rules[(type, "name")] = Text(1, ProductRules.MaxNameLength, NotBlank);
            rules[(type, "category")] = Text(1, ProductRules.MaxCategoryLength, NotBlank);
            rules[(type, "price")] = GivenPrice;
        }

        // Cancelled orders give their stock back on top of what the owner set.
        rules[(typeof(Product), "stock")] = rules[(typeof(SeenProduct), "stock")] = Whole(0, int.MaxValue);
        rules[(typeof(ProductChange), "stockChange")] = Whole(-ProductRules.MaxStock, ProductRules.MaxStock);
        rules[(typeof(Product), "version")] = Whole(1, long.MaxValue);
        rules[(typeof(Product), "revision")] = Whole(1, long.MaxValue);
        rules[(typeof(Cart), "digest")] = Text(Cart.DigestLength, Cart.DigestLength, Digest);
        rules[(typeof(CategoryCount), "count")] = Whole(1, int.MaxValue);
        rules[(typeof(NewOrder), "items")] = schema => (schema.MinItems, schema.MaxItems) = (1, OrderRules.MaxItems);
        foreach (var type in new[] { typeof(NewOrder), typeof(Order), typeof(Cart) })
        {
            rules[(type, "userId")] = Text(1, UserId.MaxLength, ParameterTable.UserIdPattern);
        }

        foreach (var type in new[] { typeof(OrderItem), typeof(CartAddition), typeof(CartQuantity), typeof(CartLine) })
        {
            rules[(type, "quantity")] = Whole(1, OrderRules.MaxQuantity);
        }

        rules[(typeof(OrderLine), "quantity")] = Whole(1, OrderRules.MaxQuantity * OrderRules.MaxItems);
        rules[(typeof(Shortage), "requested")] = Whole(1, int.MaxValue);
        rules[(typeof(Shortage), "available")] = Whole(0, int.MaxValue);
        foreach (var (type, member) in new[] { (typeof(OrderLine), "unitPrice"), (typeof(CartLine), "unitPrice") })
        {
            rules[(type, member)] = Price;
        }

        return rules;
    }

    private static Action<OpenApiSchema> Text(int min, int max, string? pattern = null) =>
        schema => (schema.MinLength, schema.MaxLength, schema.Pattern) = (min == 0 ? null : min, max, pattern);

    private static Action<OpenApiSchema> Whole(long min, long max) =>
        schema => (schema.Minimum, schema.Maximum) = (Number(min), Number(max));

    private static void Price(OpenApiSchema schema)
    {
        schema.Minimum = "0";
        schema.Maximum = Number((long)ProductRules.MaxPrice);
        schema.Description = "EUR, two fraction digits.";
    }

    /// <summary>
    /// As it is checked. What the shop sends is not described so: many validators divide binary fractions, and would find
    /// fault with 19.99.
    /// </summary>
    private static void GivenPrice(OpenApiSchema schema)
    {
        Price(schema);
        schema.MultipleOf = 0.01m;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
