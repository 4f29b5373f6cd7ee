using Workshop.ServiceDefaults.Text;

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

    /// <summary>The product with its text made uniform: what is measured, stored and compared from then on.</summary>
    /// <param name="product">As the client sent it.</param>
    public static NewProduct Uniform(NewProduct product) =>
        product with
        {
            Name = UniformText.Of(product.Name),
            Description = UniformText.Of(product.Description),
            Category = UniformText.Of(product.Category),
        };

    /// <summary>The change with its text made uniform.</summary>
    /// <param name="change">As the client sent it.</param>
    public static ProductChange Uniform(ProductChange change) =>
        change with
        {
            Name = UniformText.OfOptional(change.Name)!,
            Description = UniformText.OfOptional(change.Description)!,
            Category = UniformText.OfOptional(change.Category)!,
            Expected = change.Expected is { } seen
                ? seen with
                {
                    Name = UniformText.OfOptional(seen.Name)!,
                    Description = UniformText.OfOptional(seen.Description)!,
                    Category = UniformText.OfOptional(seen.Category)!,
                }
                : null!,
        };

    /// <summary>Finds what is wrong with a new product.</summary>
    /// <param name="product">Uniform.</param>
    /// <returns>Member to broken rules; empty if all is well.</returns>
    public static IDictionary<string, string[]> Check(NewProduct product) =>
        Check(product.Name, product.Description, product.Price, product.Category, product.Stock);

    /// <summary>Finds what is wrong with a change.</summary>
    /// <param name="change">Uniform.</param>
    /// <returns>Member to broken rules; empty if all is well.</returns>
    public static IDictionary<string, string[]> Check(ProductChange change)
    {
        var errors = Check(change.Name, change.Description, change.Price, change.Category, change.Stock);
        Require(
            errors,
            "stockChange",
            change.StockChange is null or (>= -MaxStock and <= MaxStock),
            "Must be a whole number from -1000000 to 1000000."
        );
        if (change is { Stock: not null, StockChange: not null })
        {
            errors["stockChange"] = ["Must not be given together with stock."];
        }

        if (change.Expected is { } seen)
        {
            AddSeen(errors, seen);
        }

        return errors;
    }

    /// <summary>Orders that were cancelled may have led beyond what can be set as stock.</summary>
    private static void AddSeen(Dictionary<string, string[]> errors, SeenProduct seen)
    {
        var wrong = Check(seen.Name, seen.Description, seen.Price, seen.Category, stock: null);
        Require(wrong, "stock", seen.Stock is null or >= 0, "Must be a whole number from 0.");
        foreach (var (member, rules) in wrong)
        {
            errors[$"expected.{member}"] = rules;
        }
    }

    private static Dictionary<string, string[]> Check(
        string? name,
        string? description,
        decimal? price,
        string? category,
        int? stock
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Require(errors, "name", name is null || IsName(name, MaxNameLength), NameRule(MaxNameLength));
        Require(
            errors,
            "description",
            description is null
                || (
                    UniformText.IsPlain(description, mayHaveLines: true)
                    && UniformText.Length(description) <= MaxDescriptionLength
                ),
            "Must be at most 4000 characters, without control characters but line feeds."
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
            category is null || IsName(category, MaxCategoryLength),
            NameRule(MaxCategoryLength)
        );
        Require(errors, "stock", stock is null or (>= 0 and <= MaxStock), "Must be a whole number from 0 to 1000000.");
        return errors;
    }

    private static bool IsName(string text, int max) =>
        UniformText.IsPlain(text, mayHaveLines: false)
        && UniformText.IsVisible(text)
        && UniformText.Length(text) <= max;

    private static string NameRule(int max) =>
        $"Must be 1 to {max} characters, of which one can be seen, on one line, without control characters.";

    private static void Require(Dictionary<string, string[]> errors, string member, bool kept, string rule)
    {
        if (!kept)
        {
            errors[member] = [rule];
        }
    }
}
