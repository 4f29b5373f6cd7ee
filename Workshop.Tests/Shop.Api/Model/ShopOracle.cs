using System.Net;

namespace Workshop.Tests.Shop.Api.Model;

/// <summary>The shop in memory, as simple as can be: one thread, whole cents, lists.</summary>
internal sealed class ShopOracle(int products, int users, int stock, int cents)
{
    internal List<Item?> Products { get; } = [.. Enumerable.Range(0, products).Select(_ => new Item(stock, cents))];

    internal List<List<(int Product, int Quantity)>> Carts { get; } =
    [.. Enumerable.Range(0, users).Select(_ => new List<(int, int)>())];

    internal List<List<Bought>> Orders { get; } = [.. Enumerable.Range(0, users).Select(_ => new List<Bought>())];

    /// <summary>Does it, and says with which status.</summary>
    internal HttpStatusCode Apply(ShopAction action) =>
        action switch
        {
            ShopAction.Add add => Put(add.User, add.Product, add.Quantity + Quantity(add.User, add.Product)),
            ShopAction.Set set => Put(set.User, set.Product, set.Quantity),
            ShopAction.Remove remove => Take(remove.User, line => line.Product == remove.Product),
            ShopAction.Empty empty => Take(empty.User, _ => true),
            ShopAction.Checkout checkout => Checkout(checkout.User),
            ShopAction.Order order when order.Items.Any(item => Products[item.Product] is null) =>
                HttpStatusCode.UnprocessableEntity,
            ShopAction.Order order => Buy(order.User, order.Items),
            ShopAction.Cancel cancel => Cancel(cancel.User, cancel.Number),
            ShopAction.Restock restock => Edit(restock.Product, item => item with { Stock = restock.Stock }),
            ShopAction.Reprice reprice => Edit(reprice.Product, item => item with { Cents = reprice.Cents }),
            ShopAction.Delete delete => Edit(delete.Product, _ => null),
            _ => throw new InvalidOperationException("No other action exists."),
        };

    private int Quantity(int user, int product) => Carts[user].Find(line => line.Product == product).Quantity;

    private HttpStatusCode Put(int user, int product, int quantity)
    {
        if (Products[product] is null)
        {
            return HttpStatusCode.NotFound;
        }

        var place = Carts[user].FindIndex(line => line.Product == product);
        if (place < 0)
        {
            Carts[user].Add((product, quantity));
        }
        else
        {
            Carts[user][place] = (product, quantity);
        }

        return HttpStatusCode.OK;
    }

    private HttpStatusCode Take(int user, Predicate<(int Product, int Quantity)> which)
    {
        Carts[user].RemoveAll(which);
        return HttpStatusCode.OK;
    }

    private HttpStatusCode Checkout(int user)
    {
        var status = Carts[user].Count == 0 ? HttpStatusCode.Conflict : Buy(user, Carts[user]);
        if (status == HttpStatusCode.Created)
        {
            Carts[user].Clear();
        }

        return status;
    }

    private HttpStatusCode Buy(int user, IReadOnlyList<(int Product, int Quantity)> items)
    {
        var wanted = items
            .GroupBy(item => item.Product)
            .Select(same => (Product: same.Key, Quantity: same.Sum(item => item.Quantity)))
            .ToList();
        if (wanted.Any(item => (Products[item.Product]?.Stock ?? 0) < item.Quantity))
        {
            return HttpStatusCode.Conflict;
        }

        Orders[user].Add(new([.. wanted.Select(item => (item.Product, item.Quantity, Products[item.Product]!.Cents))]));
        foreach (var (product, quantity) in wanted)
        {
            Edit(product, item => item with { Stock = item.Stock - quantity });
        }

        return HttpStatusCode.Created;
    }

    private HttpStatusCode Cancel(int user, int number)
    {
        if (number >= Orders[user].Count)
        {
            return HttpStatusCode.NotFound;
        }

        var order = Orders[user][number];
        if (order.Cancelled)
        {
            return HttpStatusCode.OK;
        }

        Orders[user][number] = order with { Cancelled = true };
        foreach (var (product, quantity, _) in order.Lines)
        {
            Edit(product, item => item with { Stock = item.Stock + quantity });
        }

        return HttpStatusCode.OK;
    }

    private HttpStatusCode Edit(int product, Func<Item, Item?> change)
    {
        if (Products[product] is not { } item)
        {
            return HttpStatusCode.NotFound;
        }

        Products[product] = change(item);
        return HttpStatusCode.OK;
    }

    internal sealed record Item(int Stock, int Cents);

    internal sealed record Bought(IReadOnlyList<(int Product, int Quantity, int Cents)> Lines, bool Cancelled = false);
}
