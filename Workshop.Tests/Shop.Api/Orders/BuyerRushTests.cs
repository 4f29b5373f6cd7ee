using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Orders;

/// <summary>Many at once, for little: what a shop must not get wrong.</summary>
[Collection(nameof(ShopCrowdTests))]
public sealed class BuyerRushTests(ShopFixture shop)
{
    private const int Buyers = 1000;
    private const int Pieces = 100;

    /// <summary>A server that has more to do than it can says 503; it is asked again so often.</summary>
    private const int MostAsks = 20;

    private static readonly TimeSpan BetweenAsks = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_thousand_buyers_of_a_hundred_pieces_buy_exactly_a_hundred()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(Pieces);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Buyers)
                .Select(buyer =>
                    PatientOrder((buyer % 2 == 0 ? first : second).Client, $"buyer-{buyer}-{product[^12..]}", product)
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

    /// <summary>Orders one piece as a buyer does who is told that the shop is busy, under the same key.</summary>
    private static async Task<Answer> PatientOrder(ShopClient client, string user, string product)
    {
        for (var asked = 1; ; asked++)
        {
            var answer = await client.Order(user, product, 1, ("Idempotency-Key", $"the-one-order-of-{user}"));
            if (answer.Status is not HttpStatusCode.ServiceUnavailable || asked == MostAsks)
            {
                return answer;
            }

            await Task.Delay(BetweenAsks, TestContext.Current.CancellationToken);
        }
    }
}
