using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Web.Storefront;

/// <summary>The shop, reached by its name; whichever instance answers is one as good as the other.</summary>
public sealed class ShopClient
{
    private readonly ServiceCaller shop;

    /// <summary>Makes the client of one request.</summary>
    /// <param name="http">Resolves <c>http://shop-api</c> through service discovery.</param>
    /// <param name="trail">Notes who answered.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="logger">Hears of calls without an answer.</param>
    public ShopClient(HttpClient http, Trail trail, TimeProvider time, ILogger<ShopClient> logger) =>
        shop = new(http, trail, time, logger);

    /// <summary>One page of products.</summary>
    /// <param name="query">Which.</param>
    /// <param name="limit">At most how many, 1 to 500.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The products with the next cursor and the total.</returns>
    public Task<Answer<Product[]>> Products(CatalogueQuery query, int limit, CancellationToken ct) =>
        shop.Get<Product[]>(
            QueryHelpers.AddQueryString(
                query.Address("products"),
                "limit",
                limit.ToString(CultureInfo.InvariantCulture)
            ),
            ct
        );

    /// <summary>One page of products; the first where the place in the list is none.</summary>
    /// <param name="query">Which; its place may come from an address that was kept too long, or typed.</param>
    /// <param name="limit">At most how many, 1 to 500.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The products with the next cursor and the total.</returns>
    public async Task<Answer<Product[]>> ProductsFrom(CatalogueQuery query, int limit, CancellationToken ct)
    {
        var found = await Products(query, limit, ct);
        return
            query.After is not null && found.Problem is { Status: 400 } problem && problem.ErrorOf("after") is not null
            ? await Products(query with { After = null }, limit, ct)
            : found;
    }

    /// <summary>The categories in use.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Each with its count.</returns>
    public Task<Answer<CategoryCount[]>> Categories(CancellationToken ct) =>
        shop.Get<CategoryCount[]>("categories", ct);

    /// <summary>One product with its entity tag.</summary>
    /// <param name="id">The product.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The product, or 404.</returns>
    public Task<Answer<Product>> Product(Guid id, CancellationToken ct) => shop.Get<Product>($"products/{id}", ct);

    /// <summary>Adds a product, once for one key.</summary>
    /// <param name="draft">What it is.</param>
    /// <param name="key">The idempotency key that was minted with the form.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The product as it was made.</returns>
    public Task<Answer<Product>> Create(ProductDraft draft, Guid key, CancellationToken ct) =>
        shop.Post<Product>("products", draft, $"{key:N}", ct);

    /// <summary>Changes of a product what was touched, if it still is what the reader saw.</summary>
    /// <param name="id">The product.</param>
    /// <param name="change">What was touched, and what was seen of it.</param>
    /// <param name="key">The idempotency key of the press; only a difference of the stock needs it.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The whole product, or 412.</returns>
    public Task<Answer<Product>> Change(Guid id, ProductChange change, Guid key, CancellationToken ct) =>
        change.StockChange is null
            ? shop.SendRepeatable<Product>(HttpMethod.Put, $"products/{id}", change, ct)
            : shop.Send<Product>(
                HttpMethod.Put,
                $"products/{id}",
                change,
                request => request.Headers.Add(Rerouting.IdempotencyKeyHeader, $"{key:N}"),
                ct
            );

    /// <summary>Takes a product out of the shop, if it still is what the reader saw.</summary>
    /// <param name="id">The product.</param>
    /// <param name="revision">Its edits as they were seen; null for whatever it is.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The shop's word; 404, also where it is gone already; 412 where it was edited.</returns>
    public Task<Answer<ProductDeleted>> Delete(Guid id, long? revision, CancellationToken ct) =>
        shop.SendRepeatable<ProductDeleted>(
            HttpMethod.Delete,
            revision is { } seen
                ? string.Create(CultureInfo.InvariantCulture, $"products/{id}?revision={seen}")
                : $"products/{id}",
            body: null,
            ct
        );

    /// <summary>A buyer's cart.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The cart; an empty one for a buyer the shop does not know.</returns>
    public Task<Answer<Cart>> Cart(string userId, CancellationToken ct) => shop.Get<Cart>(CartOf(userId), ct);

    /// <summary>Puts pieces into a cart, once for one key.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="productId">The product.</param>
    /// <param name="quantity">Pieces, 1 to 1000.</param>
    /// <param name="key">The idempotency key that was minted with the form.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The cart after it.</returns>
    public Task<Answer<Cart>> Add(string userId, Guid productId, int quantity, string key, CancellationToken ct) =>
        shop.Post<Cart>(CartOf(userId), new CartAddition(productId, quantity), key, ct);

    /// <summary>Sets how many pieces of a product the cart holds.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="productId">The product.</param>
    /// <param name="quantity">Pieces, 1 to 1000.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The cart after it.</returns>
    public Task<Answer<Cart>> SetQuantity(string userId, Guid productId, int quantity, CancellationToken ct) =>
        shop.SendRepeatable<Cart>(HttpMethod.Put, $"{CartOf(userId)}/item/{productId}", new CartQuantity(quantity), ct);

    /// <summary>Takes a product out of the cart; gone already is as good.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="productId">The product.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The cart after it.</returns>
    public Task<Answer<Cart>> Remove(string userId, Guid productId, CancellationToken ct) =>
        shop.SendRepeatable<Cart>(HttpMethod.Delete, $"{CartOf(userId)}/item/{productId}", body: null, ct);

    /// <summary>Makes an order of the cart, once for one key, on whichever server and however often it is sent.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="digest">Stands for the cart that was seen.</param>
    /// <param name="key">The idempotency key that was minted with the checkout page.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The order; 409 with what is short, or with the cart where it is another by now.</returns>
    public Task<Answer<Order>> Checkout(string userId, string digest, string key, CancellationToken ct) =>
        shop.Post<Order>($"{CartOf(userId)}/checkout", new CheckoutTerms(digest), key, ct);

    /// <summary>Orders one product at once, without a cart, once for one key.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="productId">The product.</param>
    /// <param name="quantity">Pieces, 1 to 1000.</param>
    /// <param name="key">The idempotency key of this purchase.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The order.</returns>
    public Task<Answer<Order>> PlaceOrder(
        string userId,
        Guid productId,
        int quantity,
        string key,
        CancellationToken ct
    ) => shop.Post<Order>("orders", new NewOrder(userId, [new(productId, quantity)]), key, ct);

    /// <summary>A buyer's orders, newest first.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="after">The cursor of the page.</param>
    /// <param name="limit">At most how many.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>One page of orders.</returns>
    public Task<Answer<Order[]>> Orders(string userId, string? after, int limit, CancellationToken ct)
    {
        var page = $"{OrdersOf(userId)}?limit={limit.ToString(CultureInfo.InvariantCulture)}";
        return shop.Get<Order[]>(after is null ? page : QueryHelpers.AddQueryString(page, "after", after), ct);
    }

    /// <summary>One order.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="id">The order.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The order, or 404.</returns>
    public Task<Answer<Order>> Order(string userId, Guid id, CancellationToken ct) =>
        shop.Get<Order>($"{OrdersOf(userId)}/{id}", ct);

    /// <summary>Cancels an order; its stock is given back once.</summary>
    /// <param name="userId">The buyer.</param>
    /// <param name="id">The order.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The order, cancelled now or before.</returns>
    public Task<Answer<Order>> Cancel(string userId, Guid id, CancellationToken ct) =>
        shop.SendRepeatable<Order>(HttpMethod.Post, $"{OrdersOf(userId)}/{id}/cancel", body: null, ct);

    private static string CartOf(string userId) => $"cart/{Uri.EscapeDataString(userId)}";

    private static string OrdersOf(string userId) => $"orders/{Uri.EscapeDataString(userId)}";
}
