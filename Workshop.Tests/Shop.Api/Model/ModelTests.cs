using System.Net;
using CsCheck;
using Xunit;

namespace Workshop.Tests.Shop.Api.Model;

/// <summary>Random histories on the real shop against an oracle that is too simple to be wrong.</summary>
[Collection(nameof(ShopCrowdTests))]
public sealed class ModelTests(ShopFixture shop)
{
    private const int Products = 3;
    private const int Users = 4;
    private const int Stock = 12;
    private const int Cents = 1999;

    private static readonly Gen<List<ShopAction>> History = Gen.Frequency(
        (5, Gen.Int[0, Users - 1].SelectMany(user => ShopAction.ByBuyer(user, Products))),
        (1, ShopAction.ByOwner(Products))
    ).List[1, 40];

    private static readonly Gen<(List<ShopAction>[] Buyers, List<ShopAction> Prices)> Rush = Gen.Select(
        Gen.Select(
            ShopAction.ByBuyer(0, Products).List[10, 25],
            ShopAction.ByBuyer(1, Products).List[10, 25],
            ShopAction.ByBuyer(2, Products).List[10, 25],
            ShopAction.ByBuyer(3, Products).List[10, 25],
            (first, second, third, fourth) => new[] { first, second, third, fourth }
        ),
        Gen.Select(Gen.Int[0, Products - 1], Gen.Int[0, 5000], (p, c) => (ShopAction)new ShopAction.Reprice(p, c)).List[
            5,
            10
        ]
    );

    [Fact]
    public async Task Any_history_ends_as_the_oracle_says_whichever_instance_answers()
    {
        var (first, second) = await shop.Servers();
        await History.SampleAsync(
            async history =>
            {
                var oracle = new ShopOracle(Products, Users, Stock, Cents);
                var world = await ShopWorld.Create(first.Client, Products, Users, Stock, Cents);
                for (var step = 0; step < history.Count; step++)
                {
                    var client = (step % 2 == 0 ? first : second).Client;
                    Assert.Equal(oracle.Apply(history[step]), await world.Apply(client, history[step]));
                }

                await AssertEqual(oracle, world, second.Client);
            },
            iter: 40,
            threads: 1
        );
    }

    /// <summary>
    /// Buyers who act at once compete for the stock, so who gets it is open; but each of them acts alone on a cart and orders
    /// of their own, and what was sold and what is left is what there was.
    /// </summary>
    [Fact]
    public async Task Histories_that_run_at_once_lose_no_piece_and_no_cent()
    {
        var (first, second) = await shop.Servers();
        await Rush.SampleAsync(
            async rush =>
            {
                var world = await ShopWorld.Create(first.Client, Products, Users, Stock, Cents);
                var buying = rush.Buyers.Select((history, user) => Play(world, user, history)).ToList();
                await Task.WhenAll(rush.Prices.Select(price => world.Apply(second.Client, price)));
                var carts = await Task.WhenAll(buying);

                var sold = new int[Products];
                for (var user = 0; user < Users; user++)
                {
                    Assert.Equal(carts[user], await world.Cart(first.Client, user));
                    var kept = (await world.Orders(first.Client, user)).Where(order => !order.Cancelled);
                    foreach (var (product, quantity, _) in kept.SelectMany(order => order.Lines))
                    {
                        sold[product] += quantity;
                    }
                }

                for (var product = 0; product < Products; product++)
                {
                    var left = (await world.Product(first.Client, product))!.Stock;
                    Assert.InRange(left, 0, Stock);
                    Assert.Equal(Stock, sold[product] + left);
                }
            },
            iter: 15,
            threads: 1
        );

        async Task<List<(int Product, int Quantity)>> Play(ShopWorld world, int user, List<ShopAction> history)
        {
            var own = new ShopOracle(Products, Users, int.MaxValue / 2, Cents);
            foreach (var action in history)
            {
                var client = (user % 2 == 0 ? first : second).Client;
                var status = await world.Apply(client, action);
                // Sold out, or an empty cart: both leave everything as it was.
                var mayBeRefused = action is ShopAction.Order or ShopAction.Checkout;
                if (!mayBeRefused || status != HttpStatusCode.Conflict)
                {
                    Assert.Equal(own.Apply(action), status);
                }
            }

            return own.Carts[user];
        }
    }

    private static async Task AssertEqual(ShopOracle oracle, ShopWorld world, ShopClient client)
    {
        for (var product = 0; product < Products; product++)
        {
            Assert.Equal(oracle.Products[product], await world.Product(client, product));
        }

        for (var user = 0; user < Users; user++)
        {
            Assert.Equal(oracle.Carts[user], await world.Cart(client, user));
            Assert.Equal(
                oracle.Orders[user].Select(order => (order.Cancelled, string.Join(';', order.Lines))),
                (await world.Orders(client, user)).Select(order => (order.Cancelled, string.Join(';', order.Lines)))
            );
        }
    }
}
