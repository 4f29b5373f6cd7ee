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
public sealed record Product(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Category,
    int Stock,
    bool InStock,
    long Version
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

/// <summary>The shop's word that a product is gone.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Id">The product.</param>
public sealed record ProductDeleted(string Message, Guid Id);
