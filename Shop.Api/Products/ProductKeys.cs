using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Requests;

namespace Shop.Api.Products;

/// <summary>Sort keys of products: as columns, as text in a <see cref="PagePlace"/>, and as parameters.</summary>
internal static class ProductKeys
{
    /// <summary>Column and direction of a sort order.</summary>
    public static (string Column, bool Descending) Of(ProductSort sort) =>
        sort switch
        {
            ProductSort.Price => ("price", false),
            ProductSort.PriceDescending => ("price", true),
            ProductSort.Newest => ("created_at", true),
            _ => ("name", false),
        };

    /// <summary>The key of an entry as text.</summary>
    public static string Text(ProductSort sort, Product product, DateTime createdAt) =>
        sort switch
        {
            ProductSort.Price or ProductSort.PriceDescending => product.Price.ToString(CultureInfo.InvariantCulture),
            ProductSort.Newest => Times.Text(createdAt),
            _ => product.Name,
        };

    /// <summary>Reads a key back; false for what <see cref="Text"/> never writes.</summary>
    public static bool TryParse(ProductSort sort, string key, [NotNullWhen(true)] out NpgsqlParameter? parameter)
    {
        parameter = sort switch
        {
            ProductSort.Price or ProductSort.PriceDescending => decimal.TryParse(
                key,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var price
            )
                ? Statements.Value(price)
                : null,
            ProductSort.Newest => Times.TryParse(key, out var time) ? Statements.Value(time) : null,
            _ => Statements.Value(key),
        };
        return parameter is not null;
    }
}
