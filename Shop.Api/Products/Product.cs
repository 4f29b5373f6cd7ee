using System.Diagnostics.CodeAnalysis;
using Shop.Api.Requests;

namespace Shop.Api.Products;

/// <summary>A product as clients see it.</summary>
/// <param name="Id">UUID version 7.</param>
/// <param name="Name">1-200 characters.</param>
/// <param name="Description">0-4000 characters.</param>
/// <param name="Price">EUR, two fraction digits, 0.00-1000000.00.</param>
/// <param name="Category">1-100 characters.</param>
/// <param name="Stock">Pieces that can be sold.</param>
/// <param name="Version">Rises with every change; with the timeline that wrote it the entity tag.</param>
/// <param name="Revision">Rises with every edit of anything but the stock.</param>
public sealed record Product(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Category,
    int Stock,
    long Version,
    long Revision
)
{
    /// <summary>Whether there is any stock.</summary>
    public bool InStock => Stock > 0;

    /// <summary>The primary's timeline when the version was written; not on the wire.</summary>
    internal long Timeline { get; init; } = 1;

    /// <summary>The entity tag.</summary>
    internal string Tag => EntityTags.Of(Timeline, Version);
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

    /// <summary>0-1000000; not together with <see cref="StockChange"/>.</summary>
    [DisallowNull]
    public int? Stock { get; init; }

    /// <summary>Pieces that come, or go if negative; -1000000 to 1000000.</summary>
    [DisallowNull]
    public int? StockChange { get; init; }

    /// <summary>What the client saw of members: where they are others by now, nothing is changed.</summary>
    [DisallowNull]
    public SeenProduct? Expected { get; init; }
}

/// <summary>Members of a product as somebody saw them; those left out do not matter.</summary>
public sealed record SeenProduct
{
    /// <summary>Its name.</summary>
    [DisallowNull]
    public string? Name { get; init; }

    /// <summary>Its description.</summary>
    [DisallowNull]
    public string? Description { get; init; }

    /// <summary>Its price, EUR.</summary>
    [DisallowNull]
    public decimal? Price { get; init; }

    /// <summary>Its category.</summary>
    [DisallowNull]
    public string? Category { get; init; }

    /// <summary>Its stock.</summary>
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
