using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Api;

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

    /// <summary>Adds a product; not repeated by itself, since it would be there twice.</summary>
    /// <param name="draft">What it is.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The product as it was made.</returns>
    public Task<Answer<Product>> Create(ProductDraft draft, CancellationToken ct) =>
        shop.Post<Product>("products", draft, idempotencyKey: null, ct);

    /// <summary>Changes a product if it still is what the reader saw.</summary>
    /// <param name="id">The product.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="etag">The entity tag that the reader saw.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The whole product, or 412.</returns>
    public Task<Answer<Product>> Change(Guid id, ProductDraft draft, string etag, CancellationToken ct) =>
        shop.Send<Product>(
            HttpMethod.Put,
            $"products/{id}",
            draft,
            request => request.Headers.TryAddWithoutValidation("If-Match", etag),
            ct
        );

    /// <summary>Takes a product out of the shop.</summary>
    /// <param name="id">The product.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The shop's word, or 404.</returns>
    public Task<Answer<ProductDeleted>> Delete(Guid id, CancellationToken ct) =>
        shop.Send<ProductDeleted>(HttpMethod.Delete, $"products/{id}", body: null, prepare: null, ct);

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
    /// <param name="key">The idempotency key that was minted with the checkout page.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The order; 409 with what is short, or where the cart is empty.</returns>
    public Task<Answer<Order>> Checkout(string userId, string key, CancellationToken ct) =>
        shop.Post<Order>($"{CartOf(userId)}/checkout", body: null, key, ct);

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
    /// <returns>The order; 409 when it was cancelled before.</returns>
    public Task<Answer<Order>> Cancel(string userId, Guid id, CancellationToken ct) =>
        shop.SendRepeatable<Order>(HttpMethod.Post, $"{OrdersOf(userId)}/{id}/cancel", body: null, ct);

    private static string CartOf(string userId) => $"cart/{Uri.EscapeDataString(userId)}";

    private static string OrdersOf(string userId) => $"orders/{Uri.EscapeDataString(userId)}";
}
