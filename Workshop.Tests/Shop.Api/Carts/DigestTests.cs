using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Carts;

/// <summary>Checkout orders what its buyer saw, or nothing.</summary>
[Collection(nameof(ShopTests))]
public sealed class DigestTests(ShopFixture shop)
{
    [Fact]
    public async Task What_was_seen_is_ordered()
    {
        var client = await shop.Client();
        var (user, _, digest) = await Cart(client);

        var order = await client.Post($"/cart/{user}/checkout", new { expected = digest });

        Assert.Equal(HttpStatusCode.Created, order.Status);
    }

    [Theory]
    [InlineData("price")]
    [InlineData("quantity")]
    [InlineData("another product")]
    [InlineData("emptied")]
    public async Task A_cart_that_changed_is_shown_and_nothing_is_ordered(string change)
    {
        var client = await shop.Client();
        var (user, product, digest) = await Cart(client);
        _ = change switch
        {
            "price" => await client.Put($"/products/{product}", new { price = 999.00 }),
            "quantity" => await client.Put($"/cart/{user}/item/{product}", new { quantity = 3 }),
            "emptied" => await client.Delete($"/cart/{user}"),
            _ => await client.Post($"/cart/{user}", new { productId = await client.NewProduct(5), quantity = 1 }),
        };
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());

        var refused = await client.Post($"/cart/{user}/checkout", new { expected = digest }, key);

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(0, (await client.Get($"/orders/{user}")).Json.GetArrayLength());
        var now = (await client.Get($"/cart/{user}"))["digest"].GetString();
        Assert.Equal(now, refused["cart"].GetProperty("digest").GetString());
        Assert.False(string.Equals(digest, now, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("")]
    public async Task What_was_never_a_digest_is_of_another_cart(string seen)
    {
        var client = await shop.Client();
        var (user, _, digest) = await Cart(client);

        var refused = await client.Post($"/cart/{user}/checkout", new { expected = seen });

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(digest, refused["cart"].GetProperty("digest").GetString());
    }

    [Fact]
    public async Task What_comes_back_after_the_lock_is_not_taken_for_ordered()
    {
        var ct = TestContext.Current.CancellationToken;
        var client = await shop.Client();
        var (user, product, _) = await Cart(client);
        var other = new { productId = await client.NewProduct(5), quantity = 1 };
        var both = (await client.Post($"/cart/{user}", other))["digest"].GetString();
        await client.Delete($"/cart/{user}/item/{other.productId}");

        // The checkout has locked the items, and waits for the product: then the other item is there again.
        await using var held = await HeldRow.Of(shop.Database, product, ct);
        var checkout = client.Post($"/cart/{user}/checkout", new { expected = both });
        await held.UntilSomebodyWaits(ct);
        await client.Post($"/cart/{user}", other);
        await held.LetGo(ct);

        Assert.Equal(HttpStatusCode.Conflict, (await checkout).Status);
        Assert.Equal(2, (await client.Get($"/cart/{user}"))["items"].GetArrayLength());
    }

    [Fact]
    public async Task A_sale_to_somebody_else_changes_nothing_that_a_buyer_agreed_to()
    {
        var client = await shop.Client();
        var (user, product, digest) = await Cart(client);
        await client.Order(ShopClient.NewUser(), product, 1);

        Assert.Equal(digest, (await client.Get($"/cart/{user}"))["digest"].GetString());
    }

    private static async Task<(string User, string Product, string Digest)> Cart(ShopClient client)
    {
        var user = ShopClient.NewUser();
        var product = await client.NewProduct(10, price: "10.00");
        var cart = await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });
        return (user, product, cart["digest"].GetString()!);
    }
}
