using Shop.Api.Requests;

namespace Shop.Api.Products;

/// <summary>What a product may be. The same bounds stand in the database as CHECK constraints.</summary>
public static class ProductRules
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Longest description, in characters.</summary>
    public const int MaxDescriptionLength = 4000;

    /// <summary>Longest category, in characters.</summary>
    public const int MaxCategoryLength = 100;

    /// <summary>Highest price, EUR.</summary>
    public const decimal MaxPrice = 1_000_000.00m;

    /// <summary>Fraction digits of money.</summary>
    public const int MoneyDigits = 2;

    /// <summary>Most pieces that can be set as stock.</summary>
    public const int MaxStock = 1_000_000;

    /// <summary>Finds what is wrong with a new product.</summary>
    /// <param name="product">As the client sent it.</param>
    /// <returns>Member to broken rules; empty if all is well.</returns>
    public static IDictionary<string, string[]> Check(NewProduct product) =>
        Check(product.Name, product.Description, product.Price, product.Category, product.Stock);

    /// <summary>Finds what is wrong with a change.</summary>
    /// <param name="change">As the client sent it.</param>
    /// <returns>Member to broken rules; empty if all is well.</returns>
    public static IDictionary<string, string[]> Check(ProductChange change) =>
        Check(change.Name, change.Description, change.Price, change.Category, change.Stock);

    private static Dictionary<string, string[]> Check(
        string? name,
        string? description,
        decimal? price,
        string? category,
        int? stock
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Require(errors, "name", name is null || IsText(name, 1, MaxNameLength), TextRule(1, MaxNameLength));
        Require(
            errors,
            "description",
            description is null || IsText(description, 0, MaxDescriptionLength),
            TextRule(0, MaxDescriptionLength)
        );
        Require(
            errors,
            "price",
            price is null or (>= 0 and <= MaxPrice) && (price?.Scale ?? 0) <= MoneyDigits,
            "Must be from 0.00 to 1000000.00 with at most two fraction digits."
        );
        Require(
            errors,
            "category",
            category is null || IsText(category, 1, MaxCategoryLength),
            TextRule(1, MaxCategoryLength)
        );
        Require(errors, "stock", stock is null or (>= 0 and <= MaxStock), "Must be a whole number from 0 to 1000000.");
        return errors;
    }

    private static bool IsText(string text, int min, int max) =>
        TextRules.IsStorable(text)
        && TextRules.Length(text) is var length
        && length >= min
        && length <= max
        && (min == 0 || !string.IsNullOrWhiteSpace(text));

    private static string TextRule(int min, int max) =>
        $"Must be {min} to {max} characters, without NUL{(min > 0 ? ", and not only white space" : "")}.";

    private static void Require(Dictionary<string, string[]> errors, string member, bool kept, string rule)
    {
        if (!kept)
        {
            errors[member] = [rule];
        }
    }
}
