using Shop.Api.Data;
using Shop.Api.Requests;

namespace Shop.Api.Orders;

/// <summary>Which part of a user's orders.</summary>
/// <param name="Limit">Size of the page; all when null.</param>
/// <param name="After">Where the page before ended.</param>
internal sealed record OrderListQuery(int? Limit, PagePlace? After) : IRouteQuery
{
    /// <summary>Which list a <see cref="PagePlace"/> belongs to.</summary>
    public const string List = "orders";

    /// <summary>Reads the query string.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The query.</returns>
    public static ValueTask<OrderListQuery?> BindAsync(HttpContext context)
    {
        var reader = new QueryReader(context.Request);
        var query = new OrderListQuery(
            reader.Whole("limit", 1, Page.MaxLimit),
            reader.Place("after", List, key => Times.TryParse(key, out _))
        );
        reader.Done();
        return new(query);
    }
}
