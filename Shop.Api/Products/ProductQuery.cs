using System.Collections.Frozen;
using Shop.Api.Requests;

namespace Shop.Api.Products;

/// <summary>Order of a list of products. The id breaks ties.</summary>
public enum ProductSort
{
    /// <summary>By name, by code point.</summary>
    Name,

    /// <summary>Cheapest first.</summary>
    Price,

    /// <summary>Dearest first.</summary>
    PriceDescending,

    /// <summary>Youngest first.</summary>
    Newest,
}

/// <summary>Which products, in which order, and how many of them.</summary>
internal sealed record ProductQuery : IRouteQuery
{
    /// <summary>Longest text that is searched for.</summary>
    public const int MaxSearchLength = 200;

    /// <summary>Names of the sort orders in a query.</summary>
    public static readonly FrozenDictionary<string, ProductSort> Sorts = new Dictionary<string, ProductSort>(
        StringComparer.Ordinal
    )
    {
        ["name"] = ProductSort.Name,
        ["price"] = ProductSort.Price,
        ["-price"] = ProductSort.PriceDescending,
        ["newest"] = ProductSort.Newest,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>This category, whatever its case and accents.</summary>
    public string? Category { get; init; }

    /// <summary>Only what is in stock, or only what is not.</summary>
    public bool? InStock { get; init; }

    /// <summary>Text in name or description, whatever its case and accents.</summary>
    public string? Search { get; init; }

    /// <summary>Lowest price, EUR.</summary>
    public decimal? MinPrice { get; init; }

    /// <summary>Highest price, EUR.</summary>
    public decimal? MaxPrice { get; init; }

    /// <summary>The order.</summary>
    public ProductSort Sort { get; init; }

    /// <summary>Size of the page; all when null.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the page before ended.</summary>
    public PagePlace? After { get; init; }

    /// <summary>Which list a <see cref="PagePlace"/> belongs to.</summary>
    public string List => ListOf(Sort);

    /// <summary>Reads the query string.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The query.</returns>
    public static ValueTask<ProductQuery?> BindAsync(HttpContext context)
    {
        var reader = new QueryReader(context.Request);
        var sort = reader.Choice("sort", Sorts) ?? ProductSort.Name;
        var query = new ProductQuery
        {
            Category = reader.Text("category", ProductRules.MaxCategoryLength),
            InStock = reader.Boolean("inStock"),
            Search = reader.Text("search", MaxSearchLength),
            MinPrice = reader.Amount("minPrice"),
            MaxPrice = reader.Amount("maxPrice"),
            Sort = sort,
            Limit = reader.Whole("limit", 1, Page.MaxLimit),
            After = reader.Place("after", ListOf(sort), key => ProductKeys.TryParse(sort, key, out _)),
        };
        reader.Done();
        return new(query);
    }

    private static string ListOf(ProductSort sort) => "products-" + sort;
}
