using System.Net;
using Npgsql;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>How often the shop asks the database for an order, counted between the two.</summary>
public sealed class RoundTripTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("basic", false, "")]
    [InlineData("synchronous", false, "BEGIN pg_logical_emit_message COMMIT pg_current_wal_flush_lsn")]
    [InlineData("asynchronous", false, "BEGIN pg_logical_emit_message COMMIT pg_current_wal_flush_lsn")]
    [InlineData("basic", true, "")]
    [InlineData("synchronous", true, "BEGIN pg_logical_emit_message COMMIT pg_current_wal_flush_lsn")]
    public async Task An_order_is_placed_and_committed_in_one_round_trip(string mode, bool keyed, string around)
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var relay = new TurnRelay(pair.First.Port);
        var settings = new NpgsqlConnectionStringBuilder(pair.First.ConnectionString())
        {
            Host = "127.0.0.1",
            Port = relay.Port,
        };
        await using var shop = await PairedShop.Start(pair, mode, Ct, database: settings.ConnectionString);
        var product = await shop.Client.NewProduct(stock: 10);

        var order = keyed
            ? await shop.Client.Order("ann", product, 1, ("Idempotency-Key", "once"))
            : await shop.Client.Order("ann", product, 1);
        Assert.Equal(HttpStatusCode.Created, order.Status);

        var session = Assert.Single(relay.Sessions, turns => turns.Any(IsPlacing));
        // Nothing was asked for after it, so all is in it.
        Assert.Equal(session[^1], Assert.Single(session, IsPlacing));
        Assert.All(
            around.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            part => Assert.Contains(part, session[^1], StringComparison.Ordinal)
        );
    }

    private static bool IsPlacing(string turn) =>
        turn.Contains("FROM place_order($1", StringComparison.Ordinal)
        || turn.Contains("FROM place_order_once($1", StringComparison.Ordinal);
}
