using Npgsql;
using Shop.Api.Idempotency;
using Shop.Api.Requests;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;

namespace Shop.Api.Orders;

/// <summary>Takes orders: places them once, and answers.</summary>
/// <param name="storage">The door to the database.</param>
/// <param name="writes">Makes a write happen once under its key.</param>
/// <param name="replies">Makes answers.</param>
/// <param name="store">Finds an order whose answer is given again.</param>
/// <param name="clock">Dates the orders.</param>
internal sealed class OrderDesk(
    ShopStorage storage,
    IdempotentWrites writes,
    Replies replies,
    OrderStore store,
    DatabaseClock clock
)
{
    /// <summary>Name of the order table's primary key, which tells that an earlier attempt was committed.</summary>
    private const string OrderKey = "orders_pkey";

    /// <summary>A draft for <paramref name="user"/>, with an id of its own.</summary>
    public OrderDraft Draft(UserId user, IReadOnlyList<OrderItem> items)
    {
        var now = clock.Now;
        return new(NewId(now), user.Value, OrderRules.Merge(items), now);
    }

    /// <summary>Who orders without saying who they are.</summary>
    public UserId NewGuest() => new($"guest-{NewId(clock.Now):N}");

    /// <summary>Places <paramref name="draft"/>, or answers why not.</summary>
    public async Task<Reply> Take(KeyedRequest request, OrderDraft draft, CancellationToken ct)
    {
        var place = request.Key is { } key
            ? OrderPlacement.Once(draft, key, request, writes, Answer)
            : OrderPlacement.Of(draft).Select(Answer);
        var reply = await Take(request, new(draft.UserId), draft.Id, place, ct);
        return reply is { Body.Length: 0, Location: { } location } ? await Again(location, ct) : reply;

        Reply Answer(Placement placement) =>
            placement switch
            {
                Placement.Placed placed => Placed(placed.Order),
                Placement.Refused { Missing.Count: > 0 } refused => Unknown(refused.Missing, request.Origin),
                Placement.Refused refused => Short(refused, request.Origin),
                _ => throw new InvalidOperationException("No other placement exists."),
            };
    }

    /// <summary>
    /// Runs <paramref name="place"/>, which places an order with the id <paramref name="orderId"/> or answers why not.
    /// </summary>
    public async Task<Reply> Take(
        KeyedRequest request,
        UserId user,
        Guid orderId,
        WriteCommand<Reply> place,
        CancellationToken ct
    )
    {
        try
        {
            return await storage.Write(Acknowledged(place), ct);
        }
        catch (PostgresException taken) when (IsPlacedAlready(taken))
        {
            // Through the guard as well: what is found here is acknowledged only once the standby has it.
            var find = writes.Once(
                request,
                async (connection, token) =>
                    await Own(connection, token) ?? throw new StorageUnavailableException(taken)
            );
            return await storage.Write(Acknowledged(find), ct);
        }

        async Task<Reply?> Own(NpgsqlConnection connection, CancellationToken token) =>
            await OrderStore.Find(connection, user, orderId, token) is { } own ? Placed(own) : null;

        // The first attempt may have been waiting for its commit, and be seen only now. A refusal has changed nothing.
        async Task<Reply> OnceMore(WriteCommand<Reply> command, NpgsqlConnection connection, CancellationToken token)
        {
            var reply = await command.Within(connection, token);
            return reply.IsSuccess ? reply : await Own(connection, token) ?? reply;
        }

        // The id was made before: a second attempt after an unknown commit meets its own order, and no other. It looks for it
        // first: the stock that it took, or the cart that it emptied, would be missing.
        WriteCommand<Reply> Acknowledged(WriteCommand<Reply> command)
        {
            Func<Reply, OrderReceipt?> receipt = reply => reply.IsSuccess ? Receipt(reply, request.Key) : null;
            return command with
            {
                Repeatable = true,
                Receipt = receipt,
                AfterUnknown = new WriteTransaction<Reply>(
                    async (connection, token) =>
                        await Own(connection, token) ?? await OnceMore(command, connection, token)
                )
                {
                    Receipt = receipt,
                },
            };
        }
    }

    /// <summary>201 with the order.</summary>
    public Reply Placed(Order order) =>
        replies.Done(StatusCodes.Status201Created, order) with
        {
            Location = Order.PathOf(order.UserId, order.Id),
        };

    /// <summary>409 with all that is short; nothing is reserved.</summary>
    public Reply Short(Placement.Refused refused, ProblemOrigin origin) =>
        replies.Refusal(
            Problems.Details(
                StatusCodes.Status409Conflict,
                refused.Missing.Count > 0
                    ? "Something in this order is no longer available. Nothing was reserved."
                    : "There is not enough stock for this order. Nothing was reserved.",
                ("shortages", refused.Shortages)
            ),
            origin
        );

    /// <summary>The first answer of an order that was placed under a key, whatever became of it.</summary>
    private async Task<Reply> Again(string location, CancellationToken ct)
    {
        var path = location.Split('/');
        var order =
            await store.Find(new(path[^2]), Guid.Parse(path[^1]), ct) ?? throw new StorageUnavailableException();
        return Placed(order with { Status = OrderStatus.Confirmed }) with { Replayed = true };
    }

    /// <summary>422 with all products that do not exist.</summary>
    private Reply Unknown(IReadOnlyList<Guid> missing, ProblemOrigin origin) =>
        replies.Refusal(
            Problems.Details(
                StatusCodes.Status422UnprocessableEntity,
                $"The order names products that do not exist: {string.Join(", ", missing)}.",
                ("missing", missing)
            ),
            origin
        );

    private static bool IsPlacedAlready(PostgresException error) =>
        string.Equals(error.SqlState, PostgresErrorCodes.UniqueViolation, StringComparison.Ordinal)
        && string.Equals(error.ConstraintName, OrderKey, StringComparison.Ordinal);

    private static Guid NewId(DateTime now) => Guid.CreateVersion7(new DateTimeOffset(now));

    /// <summary>
    /// Also for a replayed answer: the order that it names was acknowledged just now, perhaps for the first time.
    /// </summary>
    private static OrderReceipt? Receipt(Reply reply, IdempotencyKey? key) =>
        Guid.TryParse(reply.Location?.Split('/')[^1], out var id) ? new(id, key?.Value) : null;
}
