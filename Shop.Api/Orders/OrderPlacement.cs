using Npgsql;
using Shop.Api.Data;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Orders;

/// <summary>How the placing of an order ended.</summary>
internal abstract record Placement
{
    private Placement() { }

    /// <summary>It is made, and its stock is taken.</summary>
    public sealed record Placed(Order Order) : Placement;

    /// <summary>Not made: some products have too little stock, or are gone.</summary>
    /// <param name="Shortages">All of them.</param>
    /// <param name="Missing">Those that do not exist at all.</param>
    public sealed record Refused(IReadOnlyList<Shortage> Shortages, IReadOnlyList<Guid> Missing) : Placement;
}

/// <summary>An order about to be placed.</summary>
/// <param name="Id">Made before, so that a repeated attempt is the same order.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Items">Each product once.</param>
/// <param name="CreatedAt">UTC, whole microseconds.</param>
internal sealed record OrderDraft(Guid Id, string UserId, IReadOnlyList<OrderItem> Items, DateTime CreatedAt)
{
    /// <summary>The products, in the order of the items.</summary>
    public Guid[] ProductIds() => [.. Items.Select(item => item.ProductId)];

    /// <summary>The pieces, in the order of the items.</summary>
    public int[] Quantities() => [.. Items.Select(item => item.Quantity)];
}

/// <summary>
/// Places an order in one round trip, all or nothing. The first statement locks the products in the order of their ids,
/// so that no two orders wait for each other, and reads them; the second one, which sees what it waited for, writes
/// order, lines and stock if every product has enough.
/// </summary>
internal static class OrderPlacement
{
    /// <summary>
    /// The array comes from a subquery, or the server would plan this for each order anew: it takes a plan for arrays of any
    /// length for dearer than one for the array at hand.
    /// </summary>
    private const string LockSql =
        "SELECT id, name, price, stock FROM products WHERE id = ANY ((SELECT $1)::uuid[]) ORDER BY id FOR UPDATE";

    private const string PlaceSql = """
        WITH wanted AS (
            SELECT product_id, quantity, position
            FROM unnest($2, $3) WITH ORDINALITY AS item (product_id, quantity, position)
        ), line AS (
            SELECT wanted.position, wanted.product_id, product.name, wanted.quantity, product.price
            FROM wanted JOIN products AS product ON product.id = wanted.product_id
            WHERE product.stock >= wanted.quantity
        ), placed AS (
            INSERT INTO orders (id, user_id, status, total, created_at)
            SELECT $1, $4, 'confirmed', sum(quantity * price), $5 FROM line
            HAVING count(*) = cardinality($2)
            RETURNING id
        ), taken AS (
            UPDATE products SET stock = stock - wanted.quantity, version = version + 1
            FROM wanted, placed
            WHERE products.id = wanted.product_id AND stock >= wanted.quantity
            RETURNING products.id
        ), written AS (
            INSERT INTO order_lines (order_id, position, product_id, name, quantity, unit_price)
            SELECT placed.id, position, product_id, name, quantity, price FROM placed, line
        )
        SELECT count(*)::integer FROM taken
        """;

    /// <summary>
    /// Places <paramref name="draft"/> in the transaction that is open on <paramref name="connection"/>.
    /// </summary>
    /// <param name="connection">In a transaction that reads what is committed.</param>
    /// <param name="draft">The order.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>The order, or why there is none.</returns>
    public static async Task<Placement> Place(NpgsqlConnection connection, OrderDraft draft, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        var products = draft.ProductIds();
        batch.Add(LockSql, Value(products));
        batch.Add(
            PlaceSql,
            Value(draft.Id),
            Value(products),
            Value(draft.Quantities()),
            Value(draft.UserId),
            Value(draft.CreatedAt)
        );
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var found = await ReadProducts(reader, draft.Items.Count, ct);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        var taken = reader.GetInt32(0);
        var placement = Decide(draft, found);
        var expected = placement is Placement.Placed ? draft.Items.Count : 0;
        return taken == expected
            ? placement
            : throw new InvalidOperationException($"Order {draft.Id} took {taken} of {expected} products.");
    }

    /// <summary>What the locked products allow. Pure.</summary>
    internal static Placement Decide(OrderDraft draft, IReadOnlyDictionary<Guid, StockedProduct> found)
    {
        List<Shortage>? shortages = null;
        foreach (var item in draft.Items)
        {
            var available = found.TryGetValue(item.ProductId, out var product) ? product.Stock : 0;
            if (available < item.Quantity)
            {
                (shortages ??= []).Add(new(item.ProductId, item.Quantity, available));
            }
        }

        if (shortages is not null)
        {
            return new Placement.Refused(shortages, [.. draft.ProductIds().Where(id => !found.ContainsKey(id))]);
        }

        var lines = new OrderLine[draft.Items.Count];
        for (var index = 0; index < lines.Length; index++)
        {
            var item = draft.Items[index];
            var product = found[item.ProductId];
            lines[index] = new(item.ProductId, product.Name, item.Quantity, product.Price);
        }

        var total = Money.Total(lines.Select(line => line.LineTotal));
        return new Placement.Placed(new(draft.Id, draft.UserId, OrderStatus.Confirmed, lines, total, draft.CreatedAt));
    }

    private static async Task<Dictionary<Guid, StockedProduct>> ReadProducts(
        NpgsqlDataReader reader,
        int expected,
        CancellationToken ct
    )
    {
        var found = new Dictionary<Guid, StockedProduct>(expected);
        while (await reader.ReadAsync(ct))
        {
            found[reader.GetGuid(0)] = new(reader.GetString(1), reader.GetDecimal(2), reader.GetInt32(3));
        }

        return found;
    }
}

/// <summary>What an order needs to know of a product.</summary>
internal readonly record struct StockedProduct(string Name, decimal Price, int Stock);
