using System.Text.Json.Serialization;

namespace Shop.Web.Storefront;

/// <summary>A product as the shop sends it.</summary>
/// <param name="Id">The product's id.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Description">0 to 4000 characters.</param>
/// <param name="Price">In euros, two fraction digits.</param>
/// <param name="Category">1 to 100 characters.</param>
/// <param name="Stock">Pieces that there are.</param>
/// <param name="InStock">Whether there is at least one.</param>
/// <param name="Version">Rises with every change.</param>
/// <param name="Revision">Rises with every edit of anything but the stock.</param>
public sealed record Product(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Category,
    int Stock,
    bool InStock,
    long Version,
    long Revision
);

/// <summary>A category in use.</summary>
/// <param name="Category">The category.</param>
/// <param name="Count">Products in it.</param>
public sealed record CategoryCount(string Category, int Count);

/// <summary>What a product is to be.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Description">0 to 4000 characters.</param>
/// <param name="Price">In euros, at most two fraction digits.</param>
/// <param name="Category">1 to 100 characters.</param>
/// <param name="Stock">Pieces that there are.</param>
public sealed record ProductDraft(string Name, string Description, decimal Price, string Category, int Stock);

/// <summary>What is to be changed of a product, and what was seen of it; what is left out is neither sent nor compared.</summary>
public sealed record ProductChange
{
    /// <summary>The new name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The new description.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>The new price, in euros.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Price { get; init; }

    /// <summary>The new category.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Category { get; init; }

    /// <summary>The new stock, where nobody knows what was seen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Stock { get; init; }

    /// <summary>Pieces that come or go.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StockChange { get; init; }

    /// <summary>What was seen of the members that change; the shop changes nothing where they are others by now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProductChange? Expected { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    [JsonIgnore]
    public bool IsOfNothing => this with { Expected = null } == new ProductChange();
}

/// <summary>The shop's word that a product is gone.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Id">The product.</param>
public sealed record ProductDeleted(string Message, Guid Id);
