using Shop.Api.Requests;

namespace Shop.Api.Products;

/// <summary>What whoever deletes a product saw of it.</summary>
/// <param name="Revision">Its edits; null for whatever it is by now.</param>
internal sealed record ProductDeletion(int? Revision) : IRouteQuery
{
    /// <summary>Reads the query string.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The query.</returns>
    public static ValueTask<ProductDeletion?> BindAsync(HttpContext context)
    {
        var reader = new QueryReader(context.Request);
        var query = new ProductDeletion(reader.Whole("revision", 1, int.MaxValue));
        reader.Done();
        return new(query);
    }
}
