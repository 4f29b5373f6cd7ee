using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Shop.Api.Orders;

namespace Shop.Api.Carts;

/// <summary>A cart as clients see it: always at the present prices.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Items">In the order in which they were first added.</param>
/// <param name="Total">Sum of the lines, EUR, two fraction digits.</param>
/// <param name="Warnings">What changed since the items were added or set; empty if nothing did.</param>
/// <param name="Digest">
/// Stands for the products, quantities, prices and total: checkout with it orders these, or nothing.
/// </param>
public sealed record Cart(
    string UserId,
    IReadOnlyList<CartLine> Items,
    decimal Total,
    IReadOnlyList<CartWarning> Warnings,
    string Digest
)
{
    /// <summary>Length of a digest, in characters.</summary>
    public const int DigestLength = 43;

    /// <summary>Makes the cart of what is stored. Pure.</summary>
    /// <param name="userId">Whose it is.</param>
    /// <param name="entries">What is in it, and what is known of the products now.</param>
    /// <returns>The cart.</returns>
    internal static Cart Of(string userId, IReadOnlyList<CartEntry> entries)
    {
        var lines = entries.Select(entry => entry.Line).ToArray();
        var total = Money.Total(lines.Select(line => line.LineTotal));
        return new(userId, lines, total, [.. entries.SelectMany(entry => entry.Warnings)], DigestOf(lines, total));
    }

    /// <summary>SHA-256 of what a buyer agrees to, in base 64 as addresses have it. Names do not count, nor the stock.</summary>
    private static string DigestOf(IReadOnlyList<CartLine> lines, decimal total)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.ProductId} {line.Quantity} {line.UnitPrice:F2}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{total:F2}");
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>One product in a cart.</summary>
/// <param name="ProductId">The product, which may be gone.</param>
/// <param name="Name">Its name now; its last known one if it is gone.</param>
/// <param name="Quantity">Pieces, 1-1000.</param>
/// <param name="UnitPrice">Its price now, EUR; its last known one if it is gone.</param>
/// <param name="InStock">Whether there is any stock.</param>
public sealed record CartLine(Guid ProductId, string Name, int Quantity, decimal UnitPrice, bool InStock)
{
    /// <summary>Quantity times unit price, EUR, exact.</summary>
    public decimal LineTotal => Money.LineTotal(Quantity, UnitPrice);
}

/// <summary>Something that the owner of a cart should know before checkout.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Code">What it is about.</param>
/// <param name="Message">For a person.</param>
public sealed record CartWarning(Guid ProductId, CartWarningCode Code, string Message);

/// <summary>What a warning is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CartWarningCode>))]
public enum CartWarningCode
{
    /// <summary>The price is another one than when it was added or set.</summary>
    [JsonStringEnumMemberName("price-changed")]
    PriceChanged,

    /// <summary>There are fewer pieces than the cart holds.</summary>
    [JsonStringEnumMemberName("stock-short")]
    StockShort,

    /// <summary>The product is no longer sold.</summary>
    [JsonStringEnumMemberName("product-gone")]
    ProductGone,
}

/// <summary>So many pieces of a product, to be added to a cart.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">1-1000 pieces.</param>
public sealed record CartAddition(Guid ProductId, int Quantity);

/// <summary>How many pieces of a product a cart shall hold.</summary>
/// <param name="Quantity">1-1000 pieces.</param>
public sealed record CartQuantity(int Quantity);

/// <summary>What somebody who checks out agrees to.</summary>
public sealed record CheckoutTerms
{
    /// <summary>The digest of the cart that was seen; whatever is in it if left out.</summary>
    [DisallowNull]
    public string? Expected { get; init; }
}

/// <summary>One product in a cart: what its owner saw, and what is so now.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="SeenName">Name when it was added or set.</param>
/// <param name="SeenPrice">Price when it was added or set, EUR.</param>
/// <param name="Product">What is known now; null if it is gone.</param>
internal sealed record CartEntry(
    Guid ProductId,
    int Quantity,
    string SeenName,
    decimal SeenPrice,
    StockedProduct? Product
)
{
    /// <summary>As clients see it.</summary>
    public CartLine Line =>
        Product is { } product
            ? new(ProductId, product.Name, Quantity, product.Price, product.Stock > 0)
            : new(ProductId, SeenName, Quantity, SeenPrice, InStock: false);

    /// <summary>What its owner should know.</summary>
    public IEnumerable<CartWarning> Warnings
    {
        get
        {
            if (Product is not { } product)
            {
                yield return new(ProductId, CartWarningCode.ProductGone, $"{SeenName} is no longer available.");
                yield break;
            }

            if (product.Price != SeenPrice)
            {
                yield return new(
                    ProductId,
                    CartWarningCode.PriceChanged,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The price of {product.Name} went from €{SeenPrice:F2} to €{product.Price:F2}."
                    )
                );
            }

            if (product.Stock < Quantity)
            {
                yield return new(
                    ProductId,
                    CartWarningCode.StockShort,
                    product.Stock == 0
                        ? $"{product.Name} is sold out for now."
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $"Only {product.Stock} left of {product.Name}; you have {Quantity} in your cart."
                        )
                );
            }
        }
    }
}
