using Npgsql;
using Shop.Api.Data;
using Shop.Api.Requests;
using Shop.Api.Storage;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Orders;

/// <summary>Orders in the database, once they are placed.</summary>
/// <param name="storage">The door to the database.</param>
internal sealed class OrderStore(ShopStorage storage)
{
    private const string Columns = "o.id, o.user_id, o.status, o.total, o.created_at";

    private const string LineColumns = "l.product_id, l.name, l.quantity, l.unit_price";

    private const string FindSql = $"""
        SELECT {Columns}, {LineColumns} FROM orders AS o JOIN order_lines AS l ON l.order_id = o.id
        WHERE o.id = $1 AND o.user_id = $2
        ORDER BY l.position
        """;

    private const string ListSql = $"""
        SELECT {Columns}, {LineColumns}
        FROM (
            SELECT * FROM orders
            WHERE user_id = $1 AND (created_at, id) < ($2, $3)
            ORDER BY created_at DESC, id DESC
            LIMIT $4
        ) AS o JOIN order_lines AS l ON l.order_id = o.id
        ORDER BY o.created_at DESC, o.id DESC, l.position
        """;

    private const string CountSql = "SELECT count(*) FROM orders WHERE user_id = $1";

    private const string CancelSql =
        "UPDATE orders SET status = 'cancelled' WHERE id = $1 AND user_id = $2 AND status = 'confirmed'";

    private const string LockProductsSql = """
        SELECT id FROM products WHERE id IN (SELECT product_id FROM order_lines WHERE order_id = $1)
        ORDER BY id FOR UPDATE
        """;

    private const string GiveBackSql = """
        UPDATE products SET stock = stock + line.quantity, version = version + 1, timeline = written_timeline()
        FROM order_lines AS line
        WHERE line.order_id = $1 AND products.id = line.product_id
        """;

    /// <summary>The order of that user, or null.</summary>
    public Task<Order?> Find(UserId user, Guid id, CancellationToken ct) =>
        storage.Read((connection, token) => Find(connection, user, id, token), ct);

    /// <summary>A page of a user's orders, newest first; in one round trip.</summary>
    public Task<Page<Order>> Page(UserId user, OrderListQuery query, CancellationToken ct) =>
        storage.Read(
            async (connection, token) =>
            {
                var limit = query.Limit ?? Requests.Page.MaxLimit;
                var after = query.After;
                await using var batch = connection.CreateBatch();
                batch.Add(
                    ListSql,
                    Value(user.Value),
                    Value(after is not null && Times.TryParse(after.Key, out var time) ? time : Times.Last),
                    Value(after?.Id ?? Guid.AllBitsSet),
                    Value(limit + 1)
                );
                if (query.Limit is not null)
                {
                    batch.Add(CountSql, Value(user.Value));
                }

                await using var reader = await batch.ExecuteReaderAsync(token);
                var orders = await ReadAll(reader, token);
                var counted = await reader.NextResultAsync(token) && await reader.ReadAsync(token);
                var page = orders.Take(limit).ToList();
                var next = orders.Count > limit ? page[^1] : null;
                return new Page<Order>(
                    page,
                    counted ? reader.GetInt64(0) : null,
                    next is null ? null : new(Times.Text(next.CreatedAt), next.Id)
                );
            },
            ct
        );

    /// <summary>Cancels the order once and gives its stock back, to those of its products that still exist.</summary>
    /// <returns>
    /// The order now, cancelled by this call or by an earlier one; null if there is no such order.
    /// </returns>
    public Task<Order?> Cancel(UserId user, Guid id, CancellationToken ct) =>
        storage.Write(
            new WriteTransaction<Order?>(
                async (connection, token) =>
                {
                    await using var cancel = connection.Command(CancelSql, Value(id), Value(user.Value));
                    if (await cancel.ExecuteNonQueryAsync(token) == 1)
                    {
                        await using var batch = connection.CreateBatch();
                        batch.Add(LockProductsSql, Value(id));
                        batch.Add(GiveBackSql, Value(id));
                        await batch.ExecuteNonQueryAsync(token);
                    }

                    return await Find(connection, user, id, token);
                }
            ),
            ct
        );

    /// <summary>The order of that user, or null, as the given transaction sees it.</summary>
    internal static async Task<Order?> Find(NpgsqlConnection connection, UserId user, Guid id, CancellationToken ct)
    {
        await using var command = connection.Command(FindSql, Value(id), Value(user.Value));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return (await ReadAll(reader, ct)).FirstOrDefault();
    }

    /// <summary>Reads rows of lines, those of one order together, into orders.</summary>
    private static async Task<List<Order>> ReadAll(NpgsqlDataReader reader, CancellationToken ct)
    {
        var orders = new List<Order>();
        List<OrderLine> lines = [];
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            if (orders.Count == 0 || orders[^1].Id != id)
            {
                lines = [];
                orders.Add(
                    new(
                        id,
                        reader.GetString(1),
                        Status(reader.GetString(2)),
                        lines,
                        reader.GetDecimal(3),
                        reader.GetDateTime(4)
                    )
                );
            }

            lines.Add(new(reader.GetGuid(5), reader.GetString(6), reader.GetInt32(7), reader.GetDecimal(8)));
        }

        return orders;
    }

    private static OrderStatus Status(string stored) =>
        stored switch
        {
            "confirmed" => OrderStatus.Confirmed,
            "cancelled" => OrderStatus.Cancelled,
            _ => throw new InvalidOperationException($"An order has the unknown status '{stored}'."),
        };
}
