using Npgsql;
using Shop.Api.Data;
using Shop.Api.Idempotency;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Idempotency;
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
    /// <summary>Path of the order, once it is placed.</summary>
    public string Location => Order.PathOf(UserId, Id);

    /// <summary>The products, in the order of the items.</summary>
    public Guid[] ProductIds() => [.. Items.Select(item => item.ProductId)];

    /// <summary>The pieces, in the order of the items.</summary>
    public int[] Quantities() => [.. Items.Select(item => item.Quantity)];
}

/// <summary>
/// Places an order in one statement, all or nothing: the function <c>place_order</c> of the database, which the migrations
/// made, locks the products in the order of their ids, so that no two orders wait for each other, and writes order, lines
/// and stock if every product has enough.
/// </summary>
internal static class OrderPlacement
{
    private const string Columns = "placed, names, prices, stocks";

    private const int ColumnCount = 4;

    private const string PlaceSql = $"SELECT {Columns} FROM place_order($1, $2, $3, $4, $5, $6)";

    private const string PlaceOnceSql = $"""
        SELECT {Columns}, {IdempotentWrites.ClaimColumns}
        FROM place_order_once($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    /// <summary>The placing of <paramref name="draft"/>, in a transaction that reads what is committed.</summary>
    public static WriteBatch<Placement> Of(OrderDraft draft) =>
        new(
            (batch, validUntil) => batch.Add(PlaceSql, Parameters(draft, validUntil)),
            async (reader, ct) =>
            {
                await reader.ReadAsync(ct);
                return await Read(reader, draft, ct);
            }
        );

    /// <summary>
    /// The placing of <paramref name="draft"/> under the key of its request. The success is stored with its status and
    /// location, and without its body, which the order itself says.
    /// </summary>
    /// <param name="draft">The order.</param>
    /// <param name="key">The key of <paramref name="request"/>.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="writes">Tells what is known under the key.</param>
    /// <param name="answer">Pure: what is said of a placement.</param>
    public static WriteBatch<Reply> Once(
        OrderDraft draft,
        IdempotencyKey key,
        KeyedRequest request,
        IdempotentWrites writes,
        Func<Placement, Reply> answer
    ) =>
        new(
            (batch, validUntil) =>
                batch.Add(
                    PlaceOnceSql,
                    [
                        Value(request.Scope),
                        Value(key.Value),
                        Value(request.Hash),
                        Value(Replies.JsonType),
                        Value(draft.Location),
                        .. Parameters(draft, validUntil),
                    ]
                ),
            async (reader, ct) =>
            {
                await reader.ReadAsync(ct);
                return await writes.Known(reader, ColumnCount, request, ct) ?? answer(await Read(reader, draft, ct));
            }
        );

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

    private static NpgsqlParameter[] Parameters(OrderDraft draft, DateTime validUntil) =>
        [
            Value(draft.Id),
            Value(draft.UserId),
            Value(draft.CreatedAt),
            Value(draft.ProductIds()),
            Value(draft.Quantities()),
            Value(validUntil),
        ];

    /// <summary>A row: whether it is placed, and by place in the order what is known of each product.</summary>
    private static async Task<Placement> Read(NpgsqlDataReader reader, OrderDraft draft, CancellationToken ct)
    {
        var placed = reader.GetBoolean(0);
        var names = await reader.GetFieldValueAsync<string?[]>(1, ct);
        var prices = await reader.GetFieldValueAsync<decimal?[]>(2, ct);
        var stocks = await reader.GetFieldValueAsync<int?[]>(3, ct);
        var found = new Dictionary<Guid, StockedProduct>(names.Length);
        for (var index = 0; index < names.Length; index++)
        {
            if (names[index] is { } name && prices[index] is { } price && stocks[index] is { } stock)
            {
                found[draft.Items[index].ProductId] = new(name, price, stock);
            }
        }

        var placement = Decide(draft, found);
        return placed == placement is Placement.Placed
            ? placement
            : throw new InvalidOperationException($"Order {draft.Id}: the database says placed = {placed}.");
    }
}

/// <summary>What an order needs to know of a product.</summary>
internal readonly record struct StockedProduct(string Name, decimal Price, int Stock);
