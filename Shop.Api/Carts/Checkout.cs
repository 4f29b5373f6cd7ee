using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Idempotency;
using Shop.Api.Orders;
using Shop.Api.Requests;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Carts;

/// <summary>
/// Turns a cart into an order, in one transaction: the items are locked and read, the order is placed, and the items that
/// went into it leave the cart. What somebody adds meanwhile stays for the next time.
/// </summary>
/// <param name="writes">Makes a write happen once under its key.</param>
/// <param name="desk">Takes the order.</param>
/// <param name="replies">Makes answers.</param>
internal sealed class Checkout(IdempotentWrites writes, OrderDesk desk, Replies replies)
{
    private const string RemoveSql = "DELETE FROM cart_items WHERE user_id = $1 AND product_id = ANY ($2)";

    /// <summary>In the order in which orders lock them: nothing changes from the comparison to the order.</summary>
    private const string LockProductsSql = """
        SELECT id FROM products WHERE id IN (SELECT product_id FROM cart_items WHERE user_id = $1) ORDER BY id FOR UPDATE
        """;

    /// <summary>Checks the cart of <paramref name="user"/> out, if it is the one that was seen.</summary>
    public Task<Reply> Run(
        UserId user,
        CheckoutTerms terms,
        IdempotencyKey? key,
        HttpContext context,
        CancellationToken ct
    )
    {
        var blank = desk.Draft(user, []);
        var request = writes.Describe(key, context, user, terms);
        return desk.Take(
            request,
            user,
            blank.Id,
            writes.Once(request, (connection, token) => Place(connection, blank, terms, request.Origin, token)),
            ct
        );
    }

    private async Task<Reply> Place(
        NpgsqlConnection connection,
        OrderDraft blank,
        CheckoutTerms terms,
        ProblemOrigin origin,
        CancellationToken ct
    )
    {
        var draft = blank with { Items = await Lock(connection, blank.UserId, ct) };
        if (terms.Expected is { } seen && await Other(connection, draft, seen, ct) is { } other)
        {
            return replies.Refusal(Changed(other), origin);
        }

        if (draft.Items.Count == 0)
        {
            return replies.Refusal(Empty(), origin);
        }

        var placement = await OrderPlacement.Of(draft).Within(connection, ct);
        if (placement is Placement.Refused refused)
        {
            return desk.Short(refused, origin);
        }

        await using var remove = connection.Command(RemoveSql, Value(draft.UserId), Value(draft.ProductIds()));
        await remove.ExecuteNonQueryAsync(ct);
        return desk.Placed(((Placement.Placed)placement).Order);
    }

    /// <summary>
    /// The cart, if it is another than the one that was seen, or than what is ordered: an item that came after the lock is in the
    /// one and not in the other.
    /// </summary>
    private static async Task<Cart?> Other(
        NpgsqlConnection connection,
        OrderDraft draft,
        string seen,
        CancellationToken ct
    )
    {
        await using (var command = connection.Command(LockProductsSql, Value(draft.UserId)))
        {
            await command.ExecuteNonQueryAsync(ct);
        }

        var cart = await CartStore.Find(connection, new(draft.UserId), ct);
        var ordered = draft.ProductIds();
        return
            string.Equals(cart.Digest, seen, StringComparison.Ordinal)
            && cart.Items.All(item => ordered.Contains(item.ProductId))
            ? null
            : cart;
    }

    private static ProblemDetails Empty() => Problems.Details(StatusCodes.Status409Conflict, "The cart is empty.");

    private static ProblemDetails Changed(Cart cart) =>
        Problems.Details(
            StatusCodes.Status409Conflict,
            "The cart has changed since it was seen. Nothing was ordered.",
            ("cart", cart)
        );

    private static async Task<List<OrderItem>> Lock(NpgsqlConnection connection, string user, CancellationToken ct)
    {
        await using var command = connection.Command(CartStore.HoldSql, Value(user));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var items = new List<OrderItem>();
        while (await reader.ReadAsync(ct))
        {
            items.Add(new(reader.GetGuid(0), reader.GetInt32(1)));
        }

        return items;
    }
}
