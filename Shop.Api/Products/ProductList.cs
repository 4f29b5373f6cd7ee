using System.Globalization;
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
        var parameters = command.Parameters;
        var conditions = Conditions(parameters, query);
        var (column, descending) = ProductKeys.Of(query.Sort);
        if (query.After is { } after && ProductKeys.TryParse(query.Sort, after.Key, out var key))
        {
            var (place, id) = (Add(parameters, key), Add(parameters, Statements.Value(after.Id)));
            conditions.Add($"({column}, id) {(descending ? '<' : '>')} ({place}, {id})");
        }

        var direction = descending ? " DESC" : "";
        command.CommandText = $"""
            SELECT {ProductStore.Columns}, created_at FROM products{Where(conditions)}
            ORDER BY {column}{direction}, id{direction} LIMIT {Add(parameters, Statements.Value(limit))}
            """;
        batch.BatchCommands.Add(command);
    }

    /// <summary>Of a category, and of all, the count is kept; what else is asked for is counted.</summary>
    private static void Count(NpgsqlBatch batch, ProductQuery query)
    {
        var command = new NpgsqlBatchCommand();
        var counted = query is { InStock: null, MinPrice: null, MaxPrice: null, Search: null }
            ? "SELECT coalesce(sum(products), 0)::bigint FROM product_counts"
            : "SELECT count(*) FROM products";
        command.CommandText = counted + Where(Conditions(command.Parameters, query));
        batch.BatchCommands.Add(command);
    }

    /// <summary>Only what was asked for stands in the statement, so each combination has a plan of its own.</summary>
    private static List<string> Conditions(NpgsqlParameterCollection parameters, ProductQuery query)
    {
        var conditions = new List<string>();
        if (query.Category is { } category)
        {
            conditions.Add($"plain_letters(category) = plain_letters({Add(parameters, Statements.Value(category))})");
        }

        if (query.InStock is { } inStock)
        {
            conditions.Add(inStock ? "stock > 0" : "stock = 0");
        }

        if (query.MinPrice is { } minPrice)
        {
            conditions.Add($"price >= {Add(parameters, Statements.Value(minPrice))}");
        }

        if (query.MaxPrice is { } maxPrice)
        {
            conditions.Add($"price <= {Add(parameters, Statements.Value(maxPrice))}");
        }

        if (query.Search is { } search)
        {
            conditions.Add(SearchSql.Replace("$", Add(parameters, Statements.Value(search)), StringComparison.Ordinal));
        }

        return conditions;
    }

    private static string Where(List<string> conditions) =>
        conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);

    private static string Add(NpgsqlParameterCollection parameters, NpgsqlParameter parameter)
    {
        parameters.Add(parameter);
        return string.Create(CultureInfo.InvariantCulture, $"${parameters.Count}");
    }
}
