using System.Globalization;
using Shop.Web.Storefront;

namespace Shop.Web.Administration;

/// <summary>A product as somebody types it: text in every field, so that what was typed is never lost.</summary>
public sealed class ProductForm
{
    /// <summary>1 to 200 characters.</summary>
    public string? Name { get; set; }

    /// <summary>0 to 4000 characters.</summary>
    public string? Description { get; set; }

    /// <summary>In euros.</summary>
    public string? Price { get; set; }

    /// <summary>1 to 100 characters.</summary>
    public string? Category { get; set; }

    /// <summary>Pieces.</summary>
    public string? Stock { get; set; }

    /// <summary>The entity tag of the product that was edited; null for a new one.</summary>
    public string? ETag { get; set; }

    /// <summary>Fills the fields.</summary>
    /// <param name="product">The product to edit.</param>
    /// <param name="etag">Its entity tag.</param>
    /// <returns>The form.</returns>
    public static ProductForm Of(Product product, string? etag) =>
        new()
        {
            Name = product.Name,
            Description = product.Description,
            Price = Money.Field(product.Price),
            Category = product.Category,
            Stock = product.Stock.ToString(CultureInfo.InvariantCulture),
            ETag = etag,
        };

    /// <summary>Reads the fields. Ranges are the shop's to judge; here only what is no number at all is told.</summary>
    /// <param name="errors">Member to message.</param>
    /// <returns>The draft, or null when there are errors.</returns>
    public ProductDraft? Read(out IReadOnlyDictionary<string, string[]> errors)
    {
        var found = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (
            !decimal.TryParse(
                Price,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var price
            )
        )
        {
            found["price"] = ["Enter an amount such as 12.50."];
        }

        if (!int.TryParse(Stock, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stock))
        {
            found["stock"] = ["Enter a whole number."];
        }

        errors = found;
        return found.Count > 0
            ? null
            : new(Name?.Trim() ?? "", Description?.Trim() ?? "", price, Category?.Trim() ?? "", stock);
    }
}
