using System.Globalization;
using Shop.Web.Storefront;
using Workshop.ServiceDefaults.Text;

namespace Shop.Web.Administration;

/// <summary>
/// A product as somebody types it: text in every field, so that what was typed is never lost; and beside it what the typist
/// saw, so that only what was touched is sent, and compared.
/// </summary>
public sealed class ProductForm
{
    /// <summary>Of a sent form: the longest description, twice, at nine bytes a character, and the rest.</summary>
    public const int MaxBytes = 256 * 1024;

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

    /// <summary>The name that was seen; null for a new product.</summary>
    public string? SeenName { get; set; }

    /// <summary>The description that was seen.</summary>
    public string? SeenDescription { get; set; }

    /// <summary>The price that was seen.</summary>
    public string? SeenPrice { get; set; }

    /// <summary>The category that was seen.</summary>
    public string? SeenCategory { get; set; }

    /// <summary>The stock that was seen.</summary>
    public string? SeenStock { get; set; }

    /// <summary>The intent: one press, one product or one difference of the stock.</summary>
    public Guid? Key { get; set; }

    /// <summary>Fills the fields, and what was seen.</summary>
    /// <param name="product">The product to edit.</param>
    /// <returns>The form.</returns>
    public static ProductForm Of(Product product)
    {
        var form = new ProductForm { Key = Guid.CreateVersion7() };
        form.See(product);
        (form.Name, form.Description, form.Price) = (form.SeenName, form.SeenDescription, form.SeenPrice);
        (form.Category, form.Stock) = (form.SeenCategory, form.SeenStock);
        return form;
    }

    /// <summary>
    /// Takes in what the product is by now. Fields that nobody touched follow it; the others stay as they were typed, and the
    /// next press answers to what is shown now.
    /// </summary>
    /// <param name="now">The product.</param>
    public void Meet(Product now)
    {
        var typed = (Name, Description, Price, Category, Stock);
        var seen = (SeenName, SeenDescription, SeenPrice, SeenCategory, SeenStock);
        See(now);
        Name = IsTouched(typed.Name, seen.SeenName) ? typed.Name : SeenName;
        Description = IsTouched(typed.Description, seen.SeenDescription) ? typed.Description : SeenDescription;
        Price = IsTouched(typed.Price, seen.SeenPrice) ? typed.Price : SeenPrice;
        Category = IsTouched(typed.Category, seen.SeenCategory) ? typed.Category : SeenCategory;
        Stock = IsTouched(typed.Stock, seen.SeenStock) ? typed.Stock : SeenStock;
        Key = Guid.CreateVersion7();
    }

    /// <summary>Reads the fields of a new product. Ranges are the shop's to judge; here only what is no number is told.</summary>
    /// <param name="errors">Member to message.</param>
    /// <returns>The draft, or null when there are errors.</returns>
    public ProductDraft? Read(out IReadOnlyDictionary<string, string[]> errors)
    {
        var (price, stock) = Numbers(out errors);
        return errors.Count > 0
            ? null
            : new(
                UniformText.Of(Name ?? ""),
                UniformText.Of(Description ?? ""),
                price,
                UniformText.Of(Category ?? ""),
                stock
            );
    }

    /// <summary>Reads what was touched, each with what was seen; the stock as a difference.</summary>
    /// <param name="errors">Member to message.</param>
    /// <returns>The change, which may be of nothing; null when there are errors.</returns>
    public ProductChange? Changes(out IReadOnlyDictionary<string, string[]> errors)
    {
        var (price, stock) = Numbers(out errors);
        if (errors.Count > 0)
        {
            return null;
        }

        decimal? seenPrice = Amount(SeenPrice) is { } amount ? amount : null;
        var change = new ProductChange
        {
            Name = Touched(Name, SeenName),
            Description = Touched(Description, SeenDescription),
            Category = Touched(Category, SeenCategory),
            Price = price == seenPrice ? null : price,
            StockChange = Pieces(SeenStock) is { } seen && seen != stock ? stock - seen : null,
            Stock = Pieces(SeenStock) is null ? stock : null,
        };
        return change with
        {
            Expected = new()
            {
                Name = change.Name is null ? null : SeenName,
                Description = change.Description is null ? null : SeenDescription,
                Category = change.Category is null ? null : SeenCategory,
                Price = change.Price is null ? null : seenPrice,
            },
        };
    }

    private void See(Product product)
    {
        SeenName = product.Name;
        SeenDescription = product.Description;
        SeenPrice = Money.Field(product.Price);
        SeenCategory = product.Category;
        SeenStock = product.Stock.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Everything that can be told without the shop, at once: somebody who corrects one field wants no second surprise.
    /// </summary>
    private (decimal Price, int Stock) Numbers(out IReadOnlyDictionary<string, string[]> errors)
    {
        var found = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (price, stock) = (Amount(Price), Pieces(Stock));
        Require(UniformText.Of(Name ?? "").Length > 0, "name", "Enter a name.");
        Require(price is >= 0, "price", "Enter an amount such as 12.50.");
        Require(stock is >= 0, "stock", "Enter a whole number, 0 or more.");
        Require(UniformText.Of(Category ?? "").Length > 0, "category", "Enter a category.");
        errors = found;
        return (price ?? 0, stock ?? 0);

        void Require(bool holds, string member, string rule)
        {
            if (!holds)
            {
                found[member] = [rule];
            }
        }
    }

    private static string? Touched(string? typed, string? seen) =>
        IsTouched(typed, seen) ? UniformText.Of(typed ?? "") : null;

    private static bool IsTouched(string? typed, string? seen) =>
        !string.Equals(UniformText.Of(typed ?? ""), UniformText.Of(seen ?? ""), StringComparison.Ordinal);

    private static decimal? Amount(string? text) =>
        decimal.TryParse(
            text?.Trim(),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var amount
        )
            ? amount
            : null;

    private static int? Pieces(string? text) =>
        int.TryParse(text?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pieces)
            ? pieces
            : null;
}

/// <summary>What whoever presses "Delete" saw.</summary>
public sealed class DeletionForm
{
    /// <summary>The product's edits.</summary>
    public long? Revision { get; set; }
}
