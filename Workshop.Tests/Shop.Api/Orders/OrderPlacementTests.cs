using System.Net;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Orders;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.Shop.Api.Orders;

/// <summary>The statement that places an order, and the rules of the tables behind it.</summary>
[Collection(nameof(ShopTests))]
public sealed class OrderPlacementTests(ShopFixture shop)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_its_time_an_order_is_refused_and_writes_nothing()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(stock: 5);
        var draft = Draft(new OrderItem(Guid.Parse(product), 2));
        var past = Times.Now(TimeProvider.System).AddSeconds(-1);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Place(draft, past));

        Assert.True(Transience.IsTransient(refused));
        Assert.Equal(5, await client.Stock(product));
        Assert.Equal("[]", (await client.Get($"/orders/{draft.UserId}")).Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_order_waits_for_who_holds_its_products_and_sees_what_became_of_them(int products)
    {
        var client = await shop.Client();
        var ids = await Task.WhenAll(Enumerable.Range(0, products).Select(_ => client.NewProduct(stock: 5)));
        await using var holder = await Open();
        await using var holding = await holder.BeginTransactionAsync(Ct);
        await Execute(holder, $"UPDATE products SET stock = 1 WHERE id = '{ids[^1]}'");

        var placing = Place(Draft([.. ids.Select(id => new OrderItem(Guid.Parse(id), 2))]), Times.Last);
        await Assert.ThrowsAsync<TimeoutException>(() => placing.WaitAsync(TimeSpan.FromMilliseconds(200), Ct));
        await holding.CommitAsync(Ct);

        var refused = Assert.IsType<Placement.Refused>(await placing);
        Assert.Equal([new(Guid.Parse(ids[^1]), 2, 1)], refused.Shortages);
        Assert.All(await Task.WhenAll(ids[..^1].Select(client.Stock)), stock => Assert.Equal(5, stock));
    }

    [Theory]
    [InlineData("UPDATE products SET stock = -1")]
    [InlineData("UPDATE products SET stock = stock - 2000000")]
    [InlineData("UPDATE products SET price = -0.01")]
    [InlineData("UPDATE products SET price = 1000000.01")]
    [InlineData("UPDATE products SET version = 0")]
    [InlineData("UPDATE products SET name = ''")]
    [InlineData("UPDATE products SET category = repeat('x', 101)")]
    [InlineData("UPDATE products SET description = repeat('x', 4001)")]
    [InlineData("INSERT INTO orders VALUES (uuidv7(), 'ann', 'paid', 1, now())")]
    [InlineData("INSERT INTO orders VALUES (uuidv7(), 'ann', 'confirmed', -1, now())")]
    [InlineData("INSERT INTO orders VALUES (uuidv7(), '', 'confirmed', 1, now())")]
    [InlineData("INSERT INTO order_lines VALUES (uuidv7(), 1, uuidv7(), 'thing', 0, 1)")]
    [InlineData("INSERT INTO order_lines VALUES (uuidv7(), 1, uuidv7(), 'thing', 1, -1)")]
    [InlineData("INSERT INTO cart_items VALUES ('ann', uuidv7(), 1001, 'thing', 1, now())")]
    [InlineData("INSERT INTO cart_items VALUES (repeat('x', 65), uuidv7(), 1, 'thing', 1, now())")]
    [InlineData("INSERT INTO idempotency_keys VALUES (repeat('x', 256), '', 200, '', '', '', now())")]
    public async Task The_database_itself_refuses_what_must_never_stand_in_it(string statement)
    {
        await using var connection = await Open();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Execute(connection, statement));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    [Fact]
    public async Task What_cannot_be_counted_any_more_is_not_given_back_and_the_order_stays()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(stock: 1);
        var path = (await client.Order(ShopClient.NewUser(), product, 1)).Header("Location");
        await using var connection = await Open();
        await Execute(connection, $"UPDATE products SET stock = {int.MaxValue} WHERE id = '{product}'");

        var refused = await client.Post($"{path}/cancel", body: null);

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("confirmed", (await client.Get(path!))["status"].GetString());
    }

    private async Task<NpgsqlConnection> Open()
    {
        // Healthy means that the tables are there.
        await (await shop.Client()).NewProduct(stock: 1);
        var connection = new NpgsqlConnection(shop.Database);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private async Task<Placement> Place(OrderDraft draft, DateTime validUntil)
    {
        await using var connection = await Open();
        var (placement, _) = await CommitGuard.RunWhole(
            connection,
            OrderPlacement.Of(draft),
            validUntil,
            replicated: true
        );
        return placement;
    }

    private static async Task Execute(NpgsqlConnection connection, string statement)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(statement) } };
        await batch.ExecuteNonQueryAsync(Ct);
    }

    private static OrderDraft Draft(params OrderItem[] items) =>
        new(Guid.CreateVersion7(), ShopClient.NewUser(), items, Times.Now(TimeProvider.System));
}
