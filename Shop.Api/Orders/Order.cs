using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Shop.Api.Orders;

/// <summary>An order as clients see it.</summary>
/// <param name="Id">UUID version 7.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Items">What was bought, in the order it was asked for.</param>
/// <param name="Total">Sum of the lines, EUR, two fraction digits.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record Order(
    Guid Id,
    string UserId,
    OrderStatus Status,
    IReadOnlyList<OrderLine> Items,
    decimal Total,
    DateTime CreatedAt
)
{
    /// <summary>Path of an order of that user.</summary>
    public static string PathOf(string userId, Guid id) => $"/orders/{userId}/{id}";
}

/// <summary>One product of an order, as it was called and priced when it was bought.</summary>
/// <param name="ProductId">The product, which may be gone.</param>
/// <param name="Name">Its name at that time.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="UnitPrice">Its price at that time, EUR.</param>
public sealed record OrderLine(Guid ProductId, string Name, int Quantity, decimal UnitPrice)
{
    /// <summary>Quantity times unit price, EUR, exact.</summary>
    public decimal LineTotal => Money.LineTotal(Quantity, UnitPrice);
}

/// <summary>Where an order stands. An order is confirmed when it is made, and cancelled at most once.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    /// <summary>Made; its stock is taken.</summary>
    [JsonStringEnumMemberName("confirmed")]
    Confirmed,

    /// <summary>Taken back; its stock is given back.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>An order to be made. Prices are the server's.</summary>
/// <param name="Items">1-100 items; the same product twice is added up.</param>
public sealed record NewOrder(IReadOnlyList<OrderItem> Items)
{
    /// <summary>Whose it will be; a new guest's if left out.</summary>
    [DisallowNull]
    public string? UserId { get; init; }
}

/// <summary>So many pieces of a product.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">1-1000 pieces.</param>
public sealed record OrderItem(Guid ProductId, int Quantity);

/// <summary>A product of which there is not enough.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Requested">Pieces asked for.</param>
/// <param name="Available">Pieces that are there; 0 also when the product is gone.</param>
public sealed record Shortage(Guid ProductId, int Requested, int Available);
