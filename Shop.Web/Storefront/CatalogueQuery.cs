using Microsoft.AspNetCore.WebUtilities;
using Workshop.ServiceDefaults.Text;

namespace Shop.Web.Storefront;

/// <summary>What a reader wants to see of the catalogue; the address of the page and of the request are made from it.</summary>
/// <param name="Category">Only this category.</param>
/// <param name="InStock">Only what is (or is not) in stock.</param>
/// <param name="Search">Words in the name or description.</param>
/// <param name="MinPrice">As entered.</param>
/// <param name="MaxPrice">As entered.</param>
/// <param name="Sort"><c>name</c>, <c>price</c>, <c>-price</c> or <c>newest</c>.</param>
/// <param name="After">The cursor of the page.</param>
public sealed record CatalogueQuery(
    string? Category = null,
    bool? InStock = null,
    string? Search = null,
    string? MinPrice = null,
    string? MaxPrice = null,
    string? Sort = null,
    string? After = null
)
{
    /// <summary>Reads the address of a page; what is empty there was not asked for.</summary>
    /// <returns>The query.</returns>
    public static CatalogueQuery Of(
        string? category,
        string? inStock,
        string? search,
        string? minPrice,
        string? maxPrice,
        string? sort,
        string? after
    ) =>
        new(
            Entered(category),
            bool.TryParse(inStock, out var stocked) ? stocked : null,
            Entered(search),
            Entered(minPrice),
            Entered(maxPrice),
            Entered(sort),
            Entered(after)
        );

    /// <summary>Whether anything narrows the list.</summary>
    public bool IsFiltered =>
        Category is not null
        || InStock is not null
        || Search is not null
        || MinPrice is not null
        || MaxPrice is not null;

    /// <summary>Whether anything but words narrows the list.</summary>
    public bool IsFilteredBeyondSearch => (this with { Search = null }).IsFiltered;

    /// <summary>The query string, with only what was asked for.</summary>
    /// <param name="path">The path before it.</param>
    /// <returns>For example <c>/products?category=Tools</c>.</returns>
    public string Address(string path) =>
        QueryHelpers.AddQueryString(
            path,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["category"] = Category,
                ["inStock"] = InStock switch
                {
                    true => "true",
                    false => "false",
                    null => null,
                },
                ["search"] = Search,
                ["minPrice"] = MinPrice,
                ["maxPrice"] = MaxPrice,
                ["sort"] = Sort,
                ["after"] = After,
            }.Where(pair => pair.Value is { Length: > 0 })
        );

    private static string? Entered(string? value) => UniformText.Of(value ?? "") is { Length: > 0 } text ? text : null;
}
