using Shop.Web.Api;

namespace Shop.Web.Storefront;

/// <summary>A cart after it was fitted.</summary>
/// <param name="Cart">The last answer of the shop.</param>
/// <param name="Words">What was changed, one sentence each; empty where everything fits.</param>
public sealed record FittedCart(Answer<Cart> Cart, IReadOnlyList<string> Words);

/// <summary>Brings a cart to what the shop has: what is short is reduced, what is gone or sold out leaves.</summary>
/// <param name="shop">The shop.</param>
public sealed class CartFitter(ShopClient shop)
{
    /// <summary>Fits a cart, and says what it changed.</summary>
    /// <param name="seen">The cart with its warnings.</param>
    /// <param name="only">Only this product's line; null for all.</param>
    /// <param name="ct">Ends the waits.</param>
    /// <returns>The cart as it is then; what could not be done is left as it was.</returns>
    public async Task<FittedCart> Fit(Answer<Cart> seen, Guid? only, CancellationToken ct)
    {
        if (seen.Value is not { Warnings: { } warnings } cart)
        {
            return new(seen, []);
        }

        var (last, words) = (seen, new List<string>());
        // A cart has at most a hundred lines, and each at most one such warning.
        foreach (
            var warning in warnings.Where(warning =>
                warning.IsInTheWay && (only ?? warning.ProductId) == warning.ProductId
            )
        )
        {
            var product = await shop.Product(warning.ProductId, ct);
            var isGone = product.Problem is { Status: StatusCodes.Status404NotFound };
            if (!isGone && product.Value is null)
            {
                continue;
            }

            var stock = product.Value?.Stock ?? 0;
            if (stock >= HeldOf(cart, warning.ProductId))
            {
                // Enough came back since the cart was seen.
                continue;
            }

            var answer =
                stock > 0
                    ? await shop.SetQuantity(cart.UserId, warning.ProductId, Math.Min(stock, Quantity.Most), ct)
                    : await shop.Remove(cart.UserId, warning.ProductId, ct);
            if (answer.Value is not null)
            {
                last = answer;
                words.Add(Words(NameOf(cart, warning.ProductId), stock, isGone));
            }
        }

        return new(last, words);
    }

    /// <summary>What is said of a line that did not fit. Pure.</summary>
    /// <param name="name">The product.</param>
    /// <param name="stock">Pieces that there are.</param>
    /// <param name="isGone">Whether it was taken out of the shop.</param>
    /// <returns>One sentence.</returns>
    public static string Words(string name, int stock, bool isGone) =>
        isGone ? $"{name} is no longer available, so it left your cart."
        : stock == 0 ? $"{name} is sold out for now, so it left your cart."
        : $"Only {stock} left of {name}: your cart now holds {stock}.";

    private static int HeldOf(Cart cart, Guid product) =>
        cart.Items.FirstOrDefault(line => line.ProductId == product)?.Quantity ?? 0;

    private static string NameOf(Cart cart, Guid product) =>
        cart.Items.FirstOrDefault(line => line.ProductId == product)?.Name ?? "This product";
}
