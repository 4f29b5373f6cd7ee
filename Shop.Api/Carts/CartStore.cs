using Npgsql;
using Shop.Api.Data;
using Shop.Api.Orders;
using Shop.Api.Requests;
using Shop.Api.Storage;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Carts;

/// <summary>How a change of a cart ended.</summary>
internal abstract record CartEdit
{
    private CartEdit() { }

    /// <summary>It happened.</summary>
    public sealed record Done(Cart Cart) : CartEdit;

    /// <summary>There is no such product.</summary>
    public sealed record NoProduct : CartEdit;

    /// <summary>It would hold more pieces of the product than it may.</summary>
    public sealed record TooMany : CartEdit;

    /// <summary>It holds as many different products as it may.</summary>
    public sealed record Full : CartEdit;
}

/// <summary>Carts in the database. Every change answers with the cart after it, in the same round trip.</summary>
/// <param name="storage">The door to the database.</param>
internal sealed class CartStore(ShopStorage storage)
{
    /// <summary>Most different products in a cart: what one order takes.</summary>
    public const int MaxProducts = OrderRules.MaxItems;

    private const string ReadSql = """
        SELECT item.product_id, item.quantity, item.name, item.unit_price, product.name, product.price, product.stock
        FROM cart_items AS item LEFT JOIN products AS product ON product.id = item.product_id
        WHERE item.user_id = $1
        ORDER BY item.added_at, item.product_id
        """;

    /// <summary>
    /// One change of a cart at a time, as a statement of its own: the next one counts what was committed before the lock was
    /// had, so the bound on products is exact. The seed keeps it apart from the locks of idempotency keys.
    /// </summary>
    private const string LockSql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))";

    /// <summary>
    /// The item if there is such a product and, unless it is there already, room for one more; dated by the database, after
    /// the lock, so that items stand in the order in which they came, whichever server took them. Adding more of an item leaves
    /// its place, and tells the purge that the cart is in use.
    /// </summary>
    private const string PutSql = """
        INSERT INTO cart_items AS item (user_id, product_id, quantity, name, unit_price, added_at)
        SELECT $1, id, $3, name, price, clock_timestamp() FROM products
        WHERE id = $2 AND $4 > (SELECT count(*) FROM cart_items WHERE user_id = $1 AND product_id <> $2)
        ON CONFLICT (user_id, product_id) DO UPDATE
        SET name = excluded.name, unit_price = excluded.unit_price, changed_at = clock_timestamp(), quantity =
        """;

    private const string AddSql =
        PutSql + " item.quantity + excluded.quantity WHERE item.quantity + excluded.quantity <= $5";

    private const string SetSql = PutSql + " excluded.quantity";

    private const string WhyNotSql = """
        SELECT EXISTS (SELECT FROM products WHERE id = $2),
            EXISTS (SELECT FROM cart_items WHERE user_id = $1 AND product_id = $2)
        """;

    /// <summary>
    /// What stays says when the cart was changed. One item is enough, and one that is locked is being changed itself: waiting
    /// for it here, in another order than checkout, could end in a deadlock.
    /// </summary>
    private const string RemoveSql = """
        WITH gone AS (DELETE FROM cart_items WHERE user_id = $1 AND product_id = $2 RETURNING product_id)
        UPDATE cart_items SET changed_at = clock_timestamp()
        WHERE EXISTS (SELECT FROM gone) AND (user_id, product_id) = (
            SELECT user_id, product_id FROM cart_items
            WHERE user_id = $1 AND product_id <> $2 LIMIT 1 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>All items, locked in one order: who empties a cart and who checks it out do not wait for each other.</summary>
    internal const string HoldSql =
        "SELECT product_id, quantity FROM cart_items WHERE user_id = $1 ORDER BY added_at, product_id FOR UPDATE";

    private const string EmptySql = $"""
        WITH held AS MATERIALIZED ({HoldSql})
        DELETE FROM cart_items WHERE user_id = $1 AND product_id IN (SELECT product_id FROM held)
        """;

    /// <summary>The cart; an empty one for a user who has none.</summary>
    public Task<Cart> Find(UserId user, CancellationToken ct) =>
        storage.Read((connection, token) => Find(connection, user, token), ct);

    /// <summary>Adds pieces in the transaction that is open on <paramref name="connection"/>.</summary>
    public static Task<CartEdit> Add(
        NpgsqlConnection connection,
        UserId user,
        CartAddition addition,
        CancellationToken ct
    ) => Put(connection, AddSql, user, addition, ct);

    /// <summary>Sets how many pieces there are.</summary>
    public Task<CartEdit> Set(UserId user, Guid productId, int quantity, CancellationToken ct) =>
        storage.Write(
            new WriteTransaction<CartEdit>(
                (connection, token) => Put(connection, SetSql, user, new(productId, quantity), token)
            ),
            ct
        );

    /// <summary>Takes a product out; one that is not in it changes nothing.</summary>
    public Task<Cart> Remove(UserId user, Guid productId, CancellationToken ct) =>
        Change(user, RemoveSql, productId, ct);

    /// <summary>Takes everything out.</summary>
    public Task<Cart> Empty(UserId user, CancellationToken ct) => Change(user, EmptySql, productId: null, ct);

    private Task<Cart> Change(UserId user, string sql, Guid? productId, CancellationToken ct) =>
        storage.Write(
            new WriteTransaction<Cart>(
                async (connection, token) =>
                {
                    await using var batch = connection.CreateBatch();
                    batch.Add(sql, productId is { } id ? [Value(user.Value), Value(id)] : [Value(user.Value)]);
                    batch.Add(ReadSql, Value(user.Value));
                    await using var reader = await batch.ExecuteReaderAsync(token);
                    return await Read(reader, user, token);
                }
            ),
            ct
        );

    private static async Task<CartEdit> Put(
        NpgsqlConnection connection,
        string sql,
        UserId user,
        CartAddition addition,
        CancellationToken ct
    )
    {
        await using var batch = connection.CreateBatch();
        batch.Add(LockSql, Value(user.Value));
        batch.Add(
            sql,
            Value(user.Value),
            Value(addition.ProductId),
            Value(addition.Quantity),
            Value(MaxProducts),
            Value(OrderRules.MaxQuantity)
        );
        batch.Add(ReadSql, Value(user.Value));
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            await reader.NextResultAsync(ct);
            var cart = await Read(reader, user, ct);
            if (batch.BatchCommands[1].RecordsAffected == 1)
            {
                return new CartEdit.Done(cart);
            }
        }

        await using var command = connection.Command(WhyNotSql, Value(user.Value), Value(addition.ProductId));
        await using var why = await command.ExecuteReaderAsync(ct);
        await why.ReadAsync(ct);
        return (Exists: why.GetBoolean(0), Held: why.GetBoolean(1)) switch
        {
            (Exists: false, _) => new CartEdit.NoProduct(),
            (_, Held: true) => new CartEdit.TooMany(),
            _ => new CartEdit.Full(),
        };
    }

    /// <summary>The cart as the transaction that is open on <paramref name="connection"/> sees it.</summary>
    public static async Task<Cart> Find(NpgsqlConnection connection, UserId user, CancellationToken ct)
    {
        await using var command = connection.Command(ReadSql, Value(user.Value));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await Read(reader, user, ct);
    }

    private static async Task<Cart> Read(NpgsqlDataReader reader, UserId user, CancellationToken ct)
    {
        var entries = new List<CartEntry>();
        while (await reader.ReadAsync(ct))
        {
            StockedProduct? product = await reader.IsDBNullAsync(4, ct)
                ? null
                : new(reader.GetString(4), reader.GetDecimal(5), reader.GetInt32(6));
            entries.Add(new(reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2), reader.GetDecimal(3), product));
        }

        return Cart.Of(user.Value, entries);
    }
}
