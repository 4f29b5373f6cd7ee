using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shop.Api.Data;
using Shop.Api.Storage;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Products;

/// <summary>Single products in the database.</summary>
/// <param name="storage">The door to the database.</param>
/// <param name="time">Dates new products.</param>
internal sealed class ProductStore(ShopStorage storage, TimeProvider time)
{
    /// <summary>What <see cref="Read"/> reads.</summary>
    public const string Columns = "id, name, description, price, category, stock, version";

    /// <summary>How many columns that are.</summary>
    public const int ColumnCount = 7;

    private const string FindSql = $"SELECT {Columns} FROM products WHERE id = $1";

    private const string InsertSql = $"""
        INSERT INTO products (id, name, description, price, category, stock, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING {Columns}
        """;

    private const string UpdateSql = $"""
        UPDATE products
        SET name = coalesce($2, name), description = coalesce($3, description), price = coalesce($4, price),
            category = coalesce($5, category), stock = coalesce($6, stock), version = version + 1
        WHERE id = $1 AND ($7::bigint[] IS NULL OR version = ANY ($7))
        RETURNING {Columns}
        """;

    private const string DeleteSql =
        "DELETE FROM products WHERE id = $1 AND ($2::bigint[] IS NULL OR version = ANY ($2)) RETURNING id";

    private const string ExistsSql = "SELECT EXISTS (SELECT FROM products WHERE id = $1)";

    /// <summary>The product, or null.</summary>
    public Task<Product?> Find(Guid id, CancellationToken ct) =>
        storage.Read(async (context, token) => await Find(await context.Open(token), id, token), ct);

    /// <summary>As the other one, on an open connection.</summary>
    public static async Task<Product?> Find(NpgsqlConnection connection, Guid id, CancellationToken ct)
    {
        await using var command = connection.Command(FindSql, Value(id));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>The categories in use, by name.</summary>
    public Task<List<CategoryCount>> Categories(CancellationToken ct) =>
        storage.Read(
            (context, token) =>
                context
                    .Products.GroupBy(product => product.Category)
                    .OrderBy(category => category.Key)
                    .Select(category => new CategoryCount(category.Key, category.Count()))
                    .ToListAsync(token),
            ct
        );

    /// <summary>Stores a new product.</summary>
    public Task<Product> Create(NewProduct product, CancellationToken ct)
    {
        var now = Times.Now(time);
        var id = Guid.CreateVersion7(new DateTimeOffset(now));
        return storage.Write(
            async (context, token) =>
            {
                await using var command = (await context.Open(token)).Command(
                    InsertSql,
                    Value(id),
                    Value(product.Name),
                    Value(product.Description),
                    Value(product.Price),
                    Value(product.Category),
                    Value(product.Stock),
                    Value(now)
                );
                await using var reader = await command.ExecuteReaderAsync(token);
                await reader.ReadAsync(token);
                return Read(reader);
            },
            ct
        );
    }

    /// <summary>Changes what is given, if the version is one of <paramref name="versions"/> (null: any).</summary>
    public Task<ProductEdit> Change(Guid id, ProductChange change, long[]? versions, CancellationToken ct) =>
        storage.Write(
            async (context, token) =>
            {
                var connection = await context.Open(token);
                await using (
                    var command = connection.Command(
                        UpdateSql,
                        Value(id),
                        Optional(change.Name, NpgsqlDbType.Text),
                        Optional(change.Description, NpgsqlDbType.Text),
                        Optional(change.Price, NpgsqlDbType.Numeric),
                        Optional(change.Category, NpgsqlDbType.Text),
                        Optional(change.Stock, NpgsqlDbType.Integer),
                        Versions(versions)
                    )
                )
                {
                    await using var reader = await command.ExecuteReaderAsync(token);
                    if (await reader.ReadAsync(token))
                    {
                        return new ProductEdit.Done(Read(reader));
                    }
                }

                return await WhyNot(connection, id, token);
            },
            ct
        );

    /// <summary>Deletes the product, if the version is one of <paramref name="versions"/> (null: any).</summary>
    public Task<ProductEdit> Delete(Guid id, long[]? versions, CancellationToken ct) =>
        storage.Write(
            async (context, token) =>
            {
                var connection = await context.Open(token);
                await using var command = connection.Command(DeleteSql, Value(id), Versions(versions));
                return await command.ExecuteScalarAsync(token) is Guid
                    ? new ProductEdit.Done(Product: null)
                    : await WhyNot(connection, id, token);
            },
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
            reader.GetInt64(6)
        );

    private static async Task<ProductEdit> WhyNot(NpgsqlConnection connection, Guid id, CancellationToken ct)
    {
        await using var command = connection.Command(ExistsSql, Value(id));
        return await command.ExecuteScalarAsync(ct) is true
            ? new ProductEdit.OtherVersion()
            : new ProductEdit.Missing();
    }

    private static NpgsqlParameter Versions(long[]? versions) =>
        Optional(versions, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
}

/// <summary>How a change or a deletion of a product ended.</summary>
internal abstract record ProductEdit
{
    private ProductEdit() { }

    /// <summary>It happened.</summary>
    /// <param name="Product">The product now; null when it was deleted.</param>
    public sealed record Done(Product? Product) : ProductEdit;

    /// <summary>There is no such product.</summary>
    public sealed record Missing : ProductEdit;

    /// <summary>It has another version than the client asked for.</summary>
    public sealed record OtherVersion : ProductEdit;
}
