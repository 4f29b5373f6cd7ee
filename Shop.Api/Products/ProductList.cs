using System.Globalization;
using System.Text;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Requests;
using Shop.Api.Storage;

namespace Shop.Api.Products;

/// <summary>Lists of products, read by key and never by offset.</summary>
/// <param name="storage">The door to the database.</param>
internal sealed class ProductList(ShopStorage storage)
{
    /// <summary>
    /// The text itself, anywhere, without case and accents; what LIKE takes for a wildcard is escaped last, since a fullwidth
    /// percent sign becomes one.
    /// </summary>
    private const string SearchSql = """
        product_words(name, description) LIKE '%' || regexp_replace(plain_letters($), '([\\%_])', '\\\1', 'g') || '%'
        """;

    /// <summary>One page, and, if a limit was asked for, how many products there are in all.</summary>
    public Task<Page<Product>> Page(ProductQuery query, CancellationToken ct) =>
        storage.Read((connection, token) => Page(connection, query, token), ct);

    /// <summary>As the other one, in one round trip on an open connection.</summary>
    public static async Task<Page<Product>> Page(NpgsqlConnection connection, ProductQuery query, CancellationToken ct)
    {
        var limit = query.Limit ?? Requests.Page.MaxLimit;
        await using var batch = connection.CreateBatch();
        Select(batch, query, limit + 1);
        if (query.Limit is not null)
        {
            Count(batch, query);
        }

        await using var reader = await batch.ExecuteReaderAsync(ct);
        var (products, next) = await Read(reader, query.Sort, limit, ct);
        var counted = await reader.NextResultAsync(ct) && await reader.ReadAsync(ct);
        return new(products, counted ? reader.GetInt64(0) : null, next);
    }

    private static async Task<(List<Product> Products, PagePlace? Next)> Read(
        NpgsqlDataReader reader,
        ProductSort sort,
        int limit,
        CancellationToken ct
    )
    {
        var products = new List<Product>(Math.Min(limit, 64));
        var lastCreated = default(DateTime);
        while (await reader.ReadAsync(ct))
        {
            if (products.Count == limit)
            {
                var last = products[^1];
                return (products, new(ProductKeys.Text(sort, last, lastCreated), last.Id));
            }

            products.Add(ProductStore.Read(reader));
            lastCreated = reader.GetDateTime(ProductStore.ColumnCount);
        }

        return (products, null);
    }

    private static void Select(NpgsqlBatch batch, ProductQuery query, int limit)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder("SELECT ", 512).Append(ProductStore.Columns).Append(", created_at FROM products");
        AddFilters(sql, command.Parameters, query);
        var (column, descending) = ProductKeys.Of(query.Sort);
        if (query.After is { } after && ProductKeys.TryParse(query.Sort, after.Key, out var key))
        {
            sql.Append(command.Parameters.Count == 0 ? " WHERE (" : " AND (").Append(column).Append(", id) ");
            sql.Append(descending ? '<' : '>').Append(" (").Append(Add(command.Parameters, key)).Append(", ");
            sql.Append(Add(command.Parameters, Statements.Value(after.Id))).Append(')');
        }

        var direction = descending ? " DESC" : "";
        sql.Append(" ORDER BY ").Append(column).Append(direction).Append(", id").Append(direction);
        sql.Append(" LIMIT ").Append(Add(command.Parameters, Statements.Value(limit)));
        command.CommandText = sql.ToString();
        batch.BatchCommands.Add(command);
    }

    /// <summary>Of a category, and of all, the count is kept; what else is asked for is counted.</summary>
    private static void Count(NpgsqlBatch batch, ProductQuery query)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder(
            query is { InStock: null, MinPrice: null, MaxPrice: null, Search: null }
                ? "SELECT coalesce(sum(products), 0)::bigint FROM product_counts"
                : "SELECT count(*) FROM products",
            256
        );
        AddFilters(sql, command.Parameters, query);
        command.CommandText = sql.ToString();
        batch.BatchCommands.Add(command);
    }

    /// <summary>Only what was asked for stands in the statement, so each combination has a plan of its own.</summary>
    private static void AddFilters(StringBuilder sql, NpgsqlParameterCollection parameters, ProductQuery query)
    {
        void Filter(string condition, NpgsqlParameter? parameter)
        {
            sql.Append(sql.ToString().Contains(" WHERE ", StringComparison.Ordinal) ? " AND " : " WHERE ");
            sql.Append(
                parameter is null
                    ? condition
                    : condition.Replace("$", Add(parameters, parameter), StringComparison.Ordinal)
            );
        }

        if (query.Category is { } category)
        {
            Filter("plain_letters(category) = plain_letters($)", Statements.Value(category));
        }

        if (query.InStock is { } inStock)
        {
            Filter(inStock ? "stock > 0" : "stock = 0", parameter: null);
        }

        if (query.MinPrice is { } minPrice)
        {
            Filter("price >= $", Statements.Value(minPrice));
        }

        if (query.MaxPrice is { } maxPrice)
        {
            Filter("price <= $", Statements.Value(maxPrice));
        }

        if (query.Search is { } search)
        {
            Filter(SearchSql, Statements.Value(search));
        }
    }

    private static string Add(NpgsqlParameterCollection parameters, NpgsqlParameter parameter)
    {
        parameters.Add(parameter);
        return string.Create(CultureInfo.InvariantCulture, $"${parameters.Count}");
    }
}
