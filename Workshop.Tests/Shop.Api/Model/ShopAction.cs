using CsCheck;

namespace Workshop.Tests.Shop.Api.Model;

/// <summary>
/// Something that somebody does in the shop. Users, products and orders are numbers; the world knows their ids.
/// </summary>
internal abstract record ShopAction
{
    private ShopAction() { }

    internal sealed record Add(int User, int Product, int Quantity) : ShopAction;

    internal sealed record Set(int User, int Product, int Quantity) : ShopAction;

    internal sealed record Remove(int User, int Product) : ShopAction;

    internal sealed record Empty(int User) : ShopAction;

    internal sealed record Checkout(int User) : ShopAction;

    internal sealed record Order(int User, IReadOnlyList<(int Product, int Quantity)> Items) : ShopAction;

    internal sealed record Cancel(int User, int Number) : ShopAction;

    internal sealed record Restock(int Product, int Stock) : ShopAction;

    internal sealed record Reprice(int Product, int Cents) : ShopAction;

    internal sealed record Delete(int Product) : ShopAction;

    /// <summary>What a buyer does.</summary>
    internal static Gen<ShopAction> ByBuyer(int user, int products)
    {
        var product = Gen.Int[0, products - 1];
        var quantity = Gen.Int[1, 6];
        return Gen.Frequency(
            (4, Gen.Select(product, quantity, (p, q) => (ShopAction)new Add(user, p, q))),
            (1, Gen.Select(product, quantity, (p, q) => (ShopAction)new Set(user, p, q))),
            (1, product.Select(p => (ShopAction)new Remove(user, p))),
            (1, Gen.Const((ShopAction)new Empty(user))),
            (2, Gen.Const((ShopAction)new Checkout(user))),
            (3, Gen.Select(product, quantity).List[1, 4].Select(items => (ShopAction)new Order(user, items))),
            (2, Gen.Int[0, 5].Select(order => (ShopAction)new Cancel(user, order)))
        );
    }

    /// <summary>What the owner does.</summary>
    internal static Gen<ShopAction> ByOwner(int products)
    {
        var product = Gen.Int[0, products - 1];
        return Gen.Frequency(
            (4, Gen.Select(product, Gen.Int[0, 20], (p, stock) => (ShopAction)new Restock(p, stock))),
            (4, Gen.Select(product, Gen.Int[0, 5000], (p, cents) => (ShopAction)new Reprice(p, cents))),
            (1, product.Select(p => (ShopAction)new Delete(p)))
        );
    }
}
