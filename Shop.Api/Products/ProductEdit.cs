using Shop.Api.Requests;

namespace Shop.Api.Products;

/// <summary>How a change or a deletion of a product ended.</summary>
internal abstract record ProductEdit
{
    private ProductEdit() { }

    /// <summary>It happened.</summary>
    /// <param name="Product">The product now; null when it was deleted.</param>
    public sealed record Done(Product? Product) : ProductEdit;

    /// <summary>There is no such product.</summary>
    public sealed record Missing : ProductEdit;

    /// <summary>It is another than the client asked for.</summary>
    public sealed record OtherVersion : ProductEdit;

    /// <summary>Members are others than the client saw.</summary>
    /// <param name="Now">Those members, as they are now.</param>
    public sealed record Differs(IReadOnlyDictionary<string, object> Now) : ProductEdit;

    /// <summary>The change of the stock leads out of its range.</summary>
    /// <param name="Stock">Pieces that there are.</param>
    /// <param name="Change">The change.</param>
    public sealed record StockOut(int Stock, int Change) : ProductEdit;

    /// <summary>Whether <paramref name="change"/> may be made of the product as it is. Pure.</summary>
    /// <param name="now">The product, locked.</param>
    /// <param name="change">What the client wants, and what it saw.</param>
    /// <param name="condition">The request's preconditions.</param>
    /// <returns>Why not; null when it may.</returns>
    public static ProductEdit? Refusal(Product now, ProductChange change, Precondition condition)
    {
        if (!condition.AllowsWrite(now.Tag))
        {
            return new OtherVersion();
        }

        if (Differences(now, change) is { Count: > 0 } differences)
        {
            return new Differs(differences);
        }

        var difference = change.StockChange ?? 0;
        var stock = now.Stock + (long)difference;
        return stock < 0 || (difference > 0 && stock > ProductRules.MaxStock)
            ? new StockOut(now.Stock, difference)
            : null;
    }

    /// <summary>Whether everything is as <paramref name="change"/> wants it already. Pure.</summary>
    /// <param name="now">The product, locked.</param>
    /// <param name="change">What the client wants.</param>
    public static bool IsNothing(Product now, ProductChange change) =>
        string.Equals(change.Name ?? now.Name, now.Name, StringComparison.Ordinal)
        && string.Equals(change.Description ?? now.Description, now.Description, StringComparison.Ordinal)
        && string.Equals(change.Category ?? now.Category, now.Category, StringComparison.Ordinal)
        && (change.Price ?? now.Price) == now.Price
        && (change.Stock ?? now.Stock) == now.Stock
        && (change.StockChange ?? 0) == 0;

    /// <summary>
    /// Members that are neither what the client saw nor what it wants: one that is as it wants it was changed by the same
    /// request before, whose answer was lost, or by somebody of the same mind.
    /// </summary>
    private static Dictionary<string, object> Differences(Product now, ProductChange change)
    {
        var found = new Dictionary<string, object>(StringComparer.Ordinal);
        void Compare<T>(string member, T present, object? seen, object? wanted)
            where T : notnull
        {
            if (seen is not null && !present.Equals(seen) && !present.Equals(wanted))
            {
                found[member] = present;
            }
        }

        if (change.Expected is { } expected)
        {
            Compare("name", now.Name, expected.Name, change.Name);
            Compare("description", now.Description, expected.Description, change.Description);
            Compare("price", now.Price, expected.Price, change.Price);
            Compare("category", now.Category, expected.Category, change.Category);
            Compare("stock", now.Stock, expected.Stock, change.Stock);
        }

        return found;
    }
}
