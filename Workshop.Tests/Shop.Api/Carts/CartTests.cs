using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Carts;

[Collection(nameof(ShopTests))]
public sealed class CartTests(ShopFixture shop)
{
    [Fact]
    public async Task Fifty_adds_at_once_make_fifty_more()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(1000);
        var user = ShopClient.NewUser();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(n =>
                    (n % 2 == 0 ? first : second).Client.Post(
                        $"/cart/{user}",
                        new { productId = product, quantity = 1 }
                    )
                )
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var cart = await first.Client.Get($"/cart/{user}");
        Assert.Equal(50, cart["items"][0].GetProperty("quantity").GetInt32());
        Assert.Equal(499.50m, cart["total"].GetDecimal());
    }

    [Fact]
    public async Task A_cart_warns_of_prices_that_changed_stock_that_is_short_and_products_that_are_gone()
    {
        var client = await shop.Client();
        var user = ShopClient.NewUser();
        var (dearer, scarce, gone) = (
            await client.NewProduct(10, "1.00"),
            await client.NewProduct(10),
            await client.NewProduct(10, "3.00")
        );
        foreach (var product in new[] { dearer, scarce, gone })
        {
            await client.Post($"/cart/{user}", new { productId = product, quantity = 2 });
        }

        await client.Put($"/products/{dearer}", new { price = 2.50m });
        await client.Put($"/products/{scarce}", new { stock = 1 });
        await client.Delete($"/products/{gone}");
        var cart = await client.Get($"/cart/{user}");

        Assert.Equal(
            [(dearer, "price-changed"), (scarce, "stock-short"), (gone, "product-gone")],
            cart["warnings"]
                .EnumerateArray()
                .Select(warning =>
                    (warning.GetProperty("productId").GetString(), warning.GetProperty("code").GetString())
                )
        );
        Assert.Equal(5.00m + 19.98m + 6.00m, cart["total"].GetDecimal());
        var checkout = await client.Post($"/cart/{user}/checkout", body: null);
        Assert.Equal(HttpStatusCode.Conflict, checkout.Status);
        Assert.Equal(
            [(scarce, 2, 1), (gone, 2, 0)],
            checkout["shortages"]
                .EnumerateArray()
                .Select(shortage =>
                    (
                        shortage.GetProperty("productId").GetString(),
                        shortage.GetProperty("requested").GetInt32(),
                        shortage.GetProperty("available").GetInt32()
                    )
                )
        );
        Assert.Equal(3, (await client.Get($"/cart/{user}"))["items"].GetArrayLength());
        Assert.Equal(10, await client.Stock(dearer));
    }

    [Fact]
    public async Task A_cart_holds_at_most_a_thousand_pieces_of_a_product_and_a_hundred_products()
    {
        var client = await shop.Client();
        var user = ShopClient.NewUser();
        var products = await Task.WhenAll(Enumerable.Range(0, 101).Select(_ => client.NewProduct(5)));
        Assert.Equal(
            HttpStatusCode.OK,
            (await client.Post($"/cart/{user}", new { productId = products[0], quantity = 1000 })).Status
        );

        var tooMany = await client.Post($"/cart/{user}", new { productId = products[0], quantity = 1 });
        foreach (var product in products.Skip(1).SkipLast(1))
        {
            await client.Put($"/cart/{user}/item/{product}", new { quantity = 1 });
        }

        var full = await client.Post($"/cart/{user}", new { productId = products[^1], quantity = 1 });

        Assert.Equal(HttpStatusCode.BadRequest, tooMany.Status);
        Assert.True(tooMany["errors"].TryGetProperty("quantity", out _));
        Assert.Equal(HttpStatusCode.BadRequest, full.Status);
        Assert.True(full["errors"].TryGetProperty("productId", out _));
    }

    [Fact]
    public async Task A_cart_with_room_for_five_takes_five_of_twenty_products_that_come_at_once()
    {
        var (first, second) = await shop.Servers();
        var user = ShopClient.NewUser();
        var products = await Task.WhenAll(Enumerable.Range(0, 115).Select(_ => first.Client.NewProduct(5)));
        foreach (var product in products.Take(95))
        {
            await first.Client.Put($"/cart/{user}/item/{product}", new { quantity = 1 });
        }

        var answers = await Task.WhenAll(
            products
                .Skip(95)
                .Select(
                    (product, n) =>
                        n % 2 == 0
                            ? first.Client.Post($"/cart/{user}", new { productId = product, quantity = 1 })
                            : second.Client.Put($"/cart/{user}/item/{product}", new { quantity = 1 })
                )
        );

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(15, answers.Count(answer => answer.Status == HttpStatusCode.BadRequest));
        Assert.Equal(100, (await first.Client.Get($"/cart/{user}"))["items"].GetArrayLength());
    }

    [Fact]
    public async Task Removing_what_is_not_there_changes_nothing_and_is_no_error()
    {
        var client = await shop.Client();
        var user = ShopClient.NewUser();
        var product = await client.NewProduct(5);
        await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });

        var first = await client.Delete($"/cart/{user}/item/{product}");
        var again = await client.Delete($"/cart/{user}/item/{product}");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(0.00m, again["total"].GetDecimal());
    }

    [Fact]
    public async Task Checkout_empties_the_cart_and_an_empty_cart_cannot_be_checked_out()
    {
        var client = await shop.Client();
        var user = ShopClient.NewUser();
        var product = await client.NewProduct(5);
        await client.Put($"/cart/{user}/item/{product}", new { quantity = 3 });

        var order = await client.Post($"/cart/{user}/checkout", body: null);
        var empty = await client.Post($"/cart/{user}/checkout", body: null);

        Assert.Equal(HttpStatusCode.Created, order.Status);
        Assert.Equal(29.97m, order["total"].GetDecimal());
        Assert.Equal(HttpStatusCode.Conflict, empty.Status);
        Assert.Equal(0, (await client.Get($"/cart/{user}"))["items"].GetArrayLength());
        Assert.Equal(2, await client.Stock(product));
    }

    [Fact]
    public async Task Ten_checkouts_of_one_cart_at_once_make_one_order()
    {
        var (first, second) = await shop.Servers();
        var user = ShopClient.NewUser();
        var product = await first.Client.NewProduct(100);
        await first.Client.Put($"/cart/{user}/item/{product}", new { quantity = 3 });

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(n => (n % 2 == 0 ? first : second).Client.Post($"/cart/{user}/checkout", body: null))
        );

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(9, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
        Assert.Equal(97, await first.Client.Stock(product));
    }

    [Fact]
    public async Task A_product_that_does_not_exist_cannot_be_put_into_a_cart()
    {
        var client = await shop.Client();
        var unknown = Guid.CreateVersion7();

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await client.Post("/cart/nobody", new { productId = unknown, quantity = 1 })).Status
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await client.Put($"/cart/nobody/item/{unknown}", new { quantity = 1 })).Status
        );
    }
}
