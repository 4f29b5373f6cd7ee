using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Api;

namespace Shop.Web.Storefront;

/// <summary>The shop, reached by its name; whichever instance answers is one as good as the other.</summary>
public sealed class ShopClient
{
    private readonly ServiceCaller _shop;

    /// <summary>Makes the client of one request.</summary>
    /// <param name="http">Resolves <c>http://shop-api</c> through service discovery.</param>
    /// <param name="trail">Notes who answered.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="logger">Hears of calls without an answer.</param>
    public ShopClient(HttpClient http, Trail trail, TimeProvider time, ILogger<ShopClient> logger) =>
        _shop = new(http, trail, time, logger);

    /// <summary>One page of products.</summary>
    /// <param name="query">Which.</param>
    /// <param name="limit">At most how many, 1 to 500.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The products with the next cursor and the total.</returns>
    public Task<Answer<Product[]>> Products(CatalogueQuery query, int limit, CancellationToken ct) =>
        _shop.Get<Product[]>(
            QueryHelpers.AddQueryString(
                query.Address("products"),
                "limit",
                limit.ToString(CultureInfo.InvariantCulture)
            ),
            ct
        );

    /// <summary>The categories in use.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Each with its count.</returns>
    public Task<Answer<CategoryCount[]>> Categories(CancellationToken ct) =>
        _shop.Get<CategoryCount[]>("categories", ct);
}
