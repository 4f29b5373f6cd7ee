using System.Diagnostics.CodeAnalysis;

namespace Shop.Api.Products;

/// <summary>A product as clients see it.</summary>
/// <param name="Id">UUID version 7.</param>
/// <param name="Name">1-200 characters.</param>
/// <param name="Description">0-4000 characters.</param>
/// <param name="Price">EUR, two fraction digits, 0.00-1000000.00.</param>
/// <param name="Category">1-100 characters.</param>
/// <param name="Stock">Pieces that can be sold.</param>
/// <param name="Version">Rises with every change; also the entity tag.</param>
public sealed record Product(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Category,
    int Stock,
    long Version
)
{
    /// <summary>Whether there is any stock.</summary>
    public bool InStock => Stock > 0;
}

/// <summary>A product to be made. The server adds id and version.</summary>
/// <param name="Name">1-200 characters, not only white space.</param>
/// <param name="Price">EUR, at most two fraction digits, 0.00-1000000.00.</param>
/// <param name="Category">1-100 characters, not only white space.</param>
/// <param name="Description">0-4000 characters; empty if left out.</param>
/// <param name="Stock">0-1000000; 0 if left out.</param>
public sealed record NewProduct(string Name, decimal Price, string Category, string Description = "", int Stock = 0);

/// <summary>The members of a product to change; those left out stay.</summary>
public sealed record ProductChange
{
    /// <summary>1-200 characters, not only white space.</summary>
    [DisallowNull]
    public string? Name { get; init; }

    /// <summary>0-4000 characters.</summary>
    [DisallowNull]
    public string? Description { get; init; }

    /// <summary>EUR, at most two fraction digits, 0.00-1000000.00.</summary>
    [DisallowNull]
    public decimal? Price { get; init; }

    /// <summary>1-100 characters, not only white space.</summary>
    [DisallowNull]
    public string? Category { get; init; }

    /// <summary>0-1000000.</summary>
    [DisallowNull]
    public int? Stock { get; init; }
}

/// <summary>A category that has products.</summary>
/// <param name="Category">Its name.</param>
/// <param name="Count">How many products are in it.</param>
public sealed record CategoryCount(string Category, int Count);

/// <summary>What is left of a deleted product.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Id">The product's id.</param>
public sealed record ProductDeleted(string Message, Guid Id);
