using System.Net;
using System.Text.Json;

namespace Workshop.Tests.Shop.Api.Model;

/// <summary>The real shop with some products and users of its own; does what an action says, over HTTP.</summary>
internal sealed class ShopWorld
{
    private readonly List<string> products;
    private readonly List<string> users;
    private readonly List<List<string>> orders;

    private ShopWorld(IEnumerable<string> products, int users)
    {
        this.products = [.. products];
        this.users = [.. Enumerable.Range(0, users).Select(_ => ShopClient.NewUser())];
        orders = [.. Enumerable.Range(0, users).Select(_ => new List<string>())];
    }

    internal static async Task<ShopWorld> Create(ShopClient client, int products, int users, int stock, int cents)
    {
        var price = (cents / 100m).ToString("F2", System.Globalization.CultureInfo.InvariantCulture);
        return new(
            await Task.WhenAll(Enumerable.Range(0, products).Select(_ => client.NewProduct(stock, price))),
            users
        );
    }

    internal async Task<HttpStatusCode> Apply(ShopClient client, ShopAction action)
    {
        var answer = action switch
        {
            ShopAction.Add add => await client.Post(
                $"/cart/{users[add.User]}",
                new { productId = products[add.Product], quantity = add.Quantity }
            ),
            ShopAction.Set set => await client.Put(
                $"/cart/{users[set.User]}/item/{products[set.Product]}",
                new { quantity = set.Quantity }
            ),
            ShopAction.Remove remove => await client.Delete(
                $"/cart/{users[remove.User]}/item/{products[remove.Product]}"
            ),
            ShopAction.Empty empty => await client.Delete($"/cart/{users[empty.User]}"),
            ShopAction.Checkout checkout => await client.Post($"/cart/{users[checkout.User]}/checkout", body: null),
            ShopAction.Order order => await client.Post(
                "/orders",
                new
                {
                    userId = users[order.User],
                    items = order.Items.Select(item => new
                    {
                        productId = products[item.Product],
                        quantity = item.Quantity,
                    }),
                }
            ),
            ShopAction.Cancel cancel => await client.Post(
                $"/orders/{users[cancel.User]}/{OrderId(cancel)}/cancel",
                body: null
            ),
            ShopAction.Restock restock => await Edit(client, restock.Product, new { stock = restock.Stock }),
            ShopAction.Reprice reprice => await Edit(client, reprice.Product, new { price = reprice.Cents / 100m }),
            ShopAction.Delete delete => await client.Delete($"/products/{products[delete.Product]}"),
            _ => throw new InvalidOperationException("No other action exists."),
        };
        if (answer.Status == HttpStatusCode.Created)
        {
            orders[users.IndexOf(answer["userId"].GetString()!)].Add(answer["id"].GetString()!);
        }

        return answer.Status;
    }

    /// <summary>Stock and price in cents; null if it is gone.</summary>
    internal async Task<ShopOracle.Item?> Product(ShopClient client, int product)
    {
        var answer = await client.Get($"/products/{products[product]}");
        return answer.Status == HttpStatusCode.OK
            ? new(answer["stock"].GetInt32(), (int)(answer["price"].GetDecimal() * 100))
            : null;
    }

    /// <summary>What is in a cart; fails if its sums are wrong.</summary>
    internal async Task<List<(int Product, int Quantity)>> Cart(ShopClient client, int user)
    {
        var cart = await client.Get($"/cart/{users[user]}");
        CheckSums(cart.Json);
        return
        [
            .. cart["items"].EnumerateArray().Select(line => (Number(line), line.GetProperty("quantity").GetInt32())),
        ];
    }

    /// <summary>A user's orders, oldest first; fails if their sums are wrong.</summary>
    internal async Task<List<ShopOracle.Bought>> Orders(ShopClient client, int user)
    {
        var all = (await client.Get($"/orders/{users[user]}")).Json.EnumerateArray().Reverse().ToList();
        all.ForEach(CheckSums);
        return
        [
            .. all.Select(order => new ShopOracle.Bought(
                [
                    .. order
                        .GetProperty("items")
                        .EnumerateArray()
                        .Select(line =>
                            (
                                Number(line),
                                line.GetProperty("quantity").GetInt32(),
                                (int)(line.GetProperty("unitPrice").GetDecimal() * 100)
                            )
                        ),
                ],
                order.GetProperty("status").ValueEquals("cancelled")
            )),
        ];
    }

    private Task<Answer> Edit(ShopClient client, int product, object change) =>
        client.Put($"/products/{products[product]}", change);

    private string OrderId(ShopAction.Cancel cancel) =>
        orders[cancel.User].ElementAtOrDefault(cancel.Number) ?? Guid.CreateVersion7().ToString();

    private int Number(JsonElement line) => products.IndexOf(line.GetProperty("productId").GetString()!);

    private static void CheckSums(JsonElement document)
    {
        var lines = document.GetProperty("items").EnumerateArray().ToList();
        var right =
            lines.TrueForAll(line =>
                line.GetProperty("lineTotal").GetDecimal()
                == line.GetProperty("quantity").GetInt32() * line.GetProperty("unitPrice").GetDecimal()
            )
            && document.GetProperty("total").GetDecimal()
                == lines.Sum(line => line.GetProperty("lineTotal").GetDecimal());
        if (!right)
        {
            throw new InvalidOperationException($"Sums are wrong: {document}");
        }
    }
}
