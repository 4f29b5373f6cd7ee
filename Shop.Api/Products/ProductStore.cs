using Npgsql;
using NpgsqlTypes;
using Shop.Api.Data;
using Shop.Api.Requests;
using Shop.Api.Storage;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Products;

/// <summary>Single products in the database.</summary>
/// <param name="storage">The door to the database.</param>
internal sealed class ProductStore(ShopStorage storage)
{
    /// <summary>What <see cref="Read"/> reads.</summary>
    public const string Columns = "id, name, description, price, category, stock, version, revision, timeline";

    /// <summary>How many columns that are.</summary>
    public const int ColumnCount = 9;

    private const string FindSql = $"SELECT {Columns} FROM products WHERE id = $1";

    private const string LockSql = FindSql + " FOR UPDATE";

    private const string InsertSql = $"""
        INSERT INTO products (id, name, description, price, category, stock, created_at, timeline)
        VALUES ($1, $2, $3, $4, $5, $6, $7, written_timeline())
        RETURNING {Columns}
        """;

    private const string UpdateSql = $"""
        UPDATE products
        SET name = coalesce($2, name), description = coalesce($3, description), price = coalesce($4, price),
            category = coalesce($5, category), stock = coalesce($6, stock + $7), version = version + 1,
            timeline = written_timeline(),
            revision = revision + (
                ROW (coalesce($2, name), coalesce($3, description), coalesce($4, price), coalesce($5, category))
                IS DISTINCT FROM ROW (name, description, price, category))::int
        WHERE id = $1
        RETURNING {Columns}
        """;

    private const string CategoriesSql = """
        SELECT (array_agg(category ORDER BY products DESC, category))[1] AS name, sum(products)::int
        FROM (SELECT category, sum(products) AS products FROM product_counts GROUP BY category) AS spelling
        WHERE products > 0
        GROUP BY plain_letters(category) ORDER BY name
        """;

    private const string DeleteSql = "DELETE FROM products WHERE id = $1";

    /// <summary>The product, or null.</summary>
    public Task<Product?> Find(Guid id, CancellationToken ct) =>
        storage.Read((connection, token) => Find(connection, id, token), ct);

    /// <summary>As the other one, on an open connection.</summary>
    public static async Task<Product?> Find(NpgsqlConnection connection, Guid id, CancellationToken ct)
    {
        await using var command = connection.Command(FindSql, Value(id));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>
    /// The categories in use, by name. Spellings that differ by case or accents alone are one, as they are to the filter,
    /// under the one that most products have.
    /// </summary>
    public Task<List<CategoryCount>> Categories(CancellationToken ct) =>
        storage.Read(
            async (connection, token) =>
            {
                await using var command = connection.Command(CategoriesSql);
                await using var reader = await command.ExecuteReaderAsync(token);
                var categories = new List<CategoryCount>();
                while (await reader.ReadAsync(token))
                {
                    categories.Add(new(reader.GetString(0), reader.GetInt32(1)));
                }

                return categories;
            },
            ct
        );

    /// <summary>Stores a new product in the transaction that is open on <paramref name="connection"/>.</summary>
    public static async Task<Product> Create(
        NpgsqlConnection connection,
        Guid id,
        NewProduct product,
        DateTime now,
        CancellationToken ct
    )
    {
        await using var command = connection.Command(
            InsertSql,
            Value(id),
            Value(product.Name),
            Value(product.Description),
            Value(product.Price),
            Value(product.Category),
            Value(product.Stock),
            Value(now)
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return Read(reader);
    }

    /// <summary>Changes what is given, in the transaction that is open, if nothing speaks against it.</summary>
    public static async Task<ProductEdit> Change(
        NpgsqlConnection connection,
        Guid id,
        ProductChange change,
        Precondition condition,
        CancellationToken ct
    )
    {
        if (await Lock(connection, id, ct) is not { } now)
        {
            return new ProductEdit.Missing();
        }

        if (ProductEdit.Refusal(now, change, condition) is { } refusal)
        {
            return refusal;
        }

        if (ProductEdit.IsNothing(now, change))
        {
            // Also what came back because its answer was lost. It is no version of its own.
            return new ProductEdit.Done(now);
        }

        await using var command = connection.Command(
            UpdateSql,
            Value(id),
            Optional(change.Name, NpgsqlDbType.Text),
            Optional(change.Description, NpgsqlDbType.Text),
            Optional(change.Price, NpgsqlDbType.Numeric),
            Optional(change.Category, NpgsqlDbType.Text),
            Optional(change.Stock, NpgsqlDbType.Integer),
            Value(change.StockChange ?? 0)
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new ProductEdit.Done(Read(reader));
    }

    /// <summary>Deletes the product, if it is what the client saw.</summary>
    public Task<ProductEdit> Delete(Guid id, ProductDeletion seen, Precondition condition, CancellationToken ct) =>
        storage.Write(
            new WriteTransaction<ProductEdit>(
                async (connection, token) =>
                {
                    if (await Lock(connection, id, token) is not { } now)
                    {
                        return new ProductEdit.Missing();
                    }

                    if (!condition.AllowsWrite(now.Tag) || (seen.Revision is { } revision && revision != now.Revision))
                    {
                        return new ProductEdit.OtherVersion();
                    }

                    await using var command = connection.Command(DeleteSql, Value(id));
                    await command.ExecuteNonQueryAsync(token);
                    return new ProductEdit.Done(Product: null);
                }
            ),
            ct
        );

    /// <summary>The product of the row that <paramref name="reader"/> stands on.</summary>
    public static Product Read(NpgsqlDataReader reader) =>
        new(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetDecimal(3),
            reader.GetString(4),
            reader.GetInt32(5),
            reader.GetInt64(6),
            reader.GetInt64(7)
        )
        {
            Timeline = reader.GetInt64(8),
        };

    private static async Task<Product?> Lock(NpgsqlConnection connection, Guid id, CancellationToken ct)
    {
        await using var command = connection.Command(LockSql, Value(id));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }
}
