using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Orders;

/// <summary>Many at once, for little: what a shop must not get wrong.</summary>
[Collection(nameof(ShopTests))]
public sealed class BuyerRushTests(ShopFixture shop)
{
    private const int Buyers = 1000;
    private const int Pieces = 100;

    [Fact]
    public async Task A_thousand_buyers_of_a_hundred_pieces_buy_exactly_a_hundred()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(Pieces);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Buyers)
                .Select(buyer =>
                    (buyer % 2 == 0 ? first : second).Client.Order($"buyer-{buyer}-{product[^12..]}", product, 1)
                )
        );

        var counts = answers.CountBy(answer => answer.Status).ToDictionary();
        Assert.Equal(Pieces, counts.GetValueOrDefault(HttpStatusCode.Created));
        Assert.Equal(Buyers - Pieces, counts.GetValueOrDefault(HttpStatusCode.Conflict));
        Assert.Equal(0, await first.Client.Stock(product));
    }

    [Fact]
    public async Task Orders_of_the_same_products_in_any_order_never_wait_for_each_other()
    {
        var (first, second) = await shop.Servers();
        var products = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => first.Client.NewProduct(1000)));

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 120)
                .Select(number =>
                {
                    var random = new Random(number);
                    var items = products
                        .OrderBy(_ => random.Next())
                        .Select(product => new { productId = product, quantity = 1 });
                    return (number % 2 == 0 ? first : second).Client.Post("/orders", new { items });
                })
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.All(await Task.WhenAll(products.Select(first.Client.Stock)), stock => Assert.Equal(880, stock));
    }

    [Fact]
    public async Task Twenty_cancels_at_once_give_the_stock_back_once()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(10);
        var user = ShopClient.NewUser();
        var order = await first.Client.Order(user, product, 7);
        var path = $"/orders/{user}/{order["id"].GetString()}/cancel";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => (n % 2 == 0 ? first : second).Client.Post(path, body: null))
        );

        // Who repeats a cancel whose answer was lost is told that the order is cancelled, as it is.
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal));
        Assert.Equal(10, await first.Client.Stock(product));
    }
}
