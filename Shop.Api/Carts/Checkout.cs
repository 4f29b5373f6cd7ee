using Npgsql;
using Shop.Api.Data;
using Shop.Api.Idempotency;
using Shop.Api.Orders;
using Shop.Api.Requests;
using Workshop.ServiceDefaults.Errors;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Carts;

/// <summary>
/// Turns a cart into an order, in one transaction: the items are locked and read, the order is placed, and the items that
/// went into it leave the cart. What somebody adds meanwhile stays for the next time.
/// </summary>
/// <param name="writes">Transactions with idempotency keys.</param>
/// <param name="desk">Takes the order.</param>
/// <param name="replies">Makes answers.</param>
internal sealed class Checkout(IdempotentWrites writes, OrderDesk desk, Replies replies)
{
    private const string LockSql =
        "SELECT product_id, quantity FROM cart_items WHERE user_id = $1 ORDER BY added_at, product_id FOR UPDATE";

    private const string RemoveSql = "DELETE FROM cart_items WHERE user_id = $1 AND product_id = ANY ($2)";

    /// <summary>Checks the cart of <paramref name="user"/> out.</summary>
    public Task<Reply> Run(UserId user, IdempotencyKey? key, HttpContext context, CancellationToken ct)
    {
        var blank = desk.Draft(user, []);
        var request = writes.Describe(key, context, blank.UserId);
        return desk.Take(
            request,
            user,
            blank.Id,
            (connection, token) => Place(connection, blank, request.Origin, token),
            ct
        );
    }

    private async Task<Reply> Place(
        NpgsqlConnection connection,
        OrderDraft blank,
        ProblemOrigin origin,
        CancellationToken ct
    )
    {
        var draft = blank with { Items = await Lock(connection, blank.UserId, ct) };
        if (draft.Items.Count == 0)
        {
            return replies.Refusal(Problems.Details(StatusCodes.Status409Conflict, "The cart is empty."), origin);
        }

        var placement = await OrderPlacement.Of(draft).Run(connection, ct);
        if (placement is Placement.Refused refused)
        {
            return desk.Short(refused.Shortages, origin);
        }

        await using var remove = connection.Command(RemoveSql, Value(draft.UserId), Value(draft.ProductIds()));
        await remove.ExecuteNonQueryAsync(ct);
        return desk.Placed(((Placement.Placed)placement).Order);
    }

    private static async Task<List<OrderItem>> Lock(NpgsqlConnection connection, string user, CancellationToken ct)
    {
        await using var command = connection.Command(LockSql, Value(user));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var items = new List<OrderItem>();
        while (await reader.ReadAsync(ct))
        {
            items.Add(new(reader.GetGuid(0), reader.GetInt32(1)));
        }

        return items;
    }
}
