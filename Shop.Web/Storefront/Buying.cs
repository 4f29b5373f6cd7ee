namespace Shop.Web.Storefront;

/// <summary>A cart as the shop sends it.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Items">What is in it.</param>
/// <param name="Total">In euros.</param>
/// <param name="Warnings">What changed since it was put in.</param>
/// <param name="Digest">Stands for what is bought and what it costs.</param>
public sealed record Cart(
    string UserId,
    IReadOnlyList<CartLine> Items,
    decimal Total,
    IReadOnlyList<CartWarning>? Warnings,
    string Digest
)
{
    /// <summary>Pieces in it.</summary>
    public int Count => Items.Sum(item => item.Quantity);

    /// <summary>Whether an order of it, as it is, would be refused.</summary>
    public bool IsUnfit => Warnings?.Any(warning => warning.IsInTheWay) == true;
}

/// <summary>One product in a cart.</summary>
public sealed record CartLine(
    Guid ProductId,
    string Name,
    int Quantity,
    decimal UnitPrice,
    decimal LineTotal,
    bool InStock
);

/// <summary>Something to know about a line before checkout.</summary>
/// <param name="ProductId">The line.</param>
/// <param name="Message">For a person.</param>
/// <param name="Code"><c>price-changed</c>, <c>stock-short</c> or <c>product-gone</c>.</param>
public sealed record CartWarning(Guid ProductId, string Message, string? Code = null)
{
    /// <summary>Whether the line cannot be ordered as it is.</summary>
    public bool IsInTheWay => Code is "stock-short" or "product-gone";
}

/// <summary>The body of <c>POST /cart/{userId}</c>.</summary>
public sealed record CartAddition(Guid ProductId, int Quantity);

/// <summary>The body of <c>PUT /cart/{userId}/item/{productId}</c>.</summary>
public sealed record CartQuantity(int Quantity);

/// <summary>The body of <c>POST /cart/{userId}/checkout</c>.</summary>
/// <param name="Expected">The digest that was seen.</param>
public sealed record CheckoutTerms(string Expected);

/// <summary>An order as the shop sends it.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Status"><c>confirmed</c> or <c>cancelled</c>.</param>
/// <param name="Items">Its lines.</param>
/// <param name="Total">In euros.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record Order(
    Guid Id,
    string UserId,
    string Status,
    IReadOnlyList<OrderLine> Items,
    decimal Total,
    DateTimeOffset CreatedAt
)
{
    /// <summary>The order's own page.</summary>
    public string Address => $"/orders/{Uri.EscapeDataString(UserId)}/{Id}";

    /// <summary>Whether it may be cancelled.</summary>
    public bool IsConfirmed => Status is "confirmed";
}

/// <summary>One product of an order, as it was called and priced then.</summary>
public sealed record OrderLine(Guid ProductId, string Name, int Quantity, decimal UnitPrice, decimal LineTotal);

/// <summary>The body of <c>POST /orders</c>.</summary>
public sealed record NewOrder(string UserId, IReadOnlyList<CartAddition> Items);
