using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Api.WarmUp;
using Workshop.Tests.Fixtures;
using Workshop.Tests.ShopApi.Storage;
using Xunit;

namespace Workshop.Tests.Shop.Api.WarmUp;

public sealed class WarmUpTests(PostgresFixture postgres)
{
    private const string Contents = """
        SELECT concat_ws(' ', (SELECT count(*) FROM orders), (SELECT count(*) FROM order_lines),
            (SELECT count(*) FROM cart_items), (SELECT count(*) FROM idempotency_keys),
            (SELECT concat_ws(' ', count(*), sum(stock), sum(version)) FROM products))
        """;

    private const int Burst = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_rounds_of_a_warm_up_write_nothing_and_use_up_no_limit()
    {
        var database = await postgres.CreateDatabase(Ct);
        await using var cold = new ShopServer(database, "cold");
        await cold.UntilHealthy(Ct);
        await cold.Client.NewProduct(stock: 5);
        var before = await Ask(database, Contents);

        await using var warm = new ShopServer(
            database,
            "warm",
            ("Shop:WarmUp:Rounds", "20"),
            // The longest that is allowed.
            ("Shop:WarmUp:Limit", "00:00:12"),
            ("Shop:Limits:LocalRequestsPerSecond", "10"),
            ("Shop:Limits:LocalBurst", Burst.ToString(CultureInfo.InvariantCulture))
        );
        await warm.UntilHealthy(Ct);
        var answers = await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => warm.Client.Get("/products")));

        // Three rounds ask more often than the limit allows at once.
        Assert.InRange(warm.Services.GetRequiredService<WarmUpState>().Rounds, 3, 20);
        Assert.Equal(0, cold.Services.GetRequiredService<WarmUpState>().Rounds);
        Assert.DoesNotContain(answers, answer => answer.Status is HttpStatusCode.TooManyRequests);
        Assert.Equal(before, await Ask(database, Contents));
    }

    [Fact]
    public async Task A_warm_up_that_hangs_keeps_the_server_unhealthy_until_its_limit_and_no_longer()
    {
        var database = await postgres.CreateDatabase(Ct);
        await using var first = new ShopServer(database, "first");
        await first.UntilHealthy(Ct);
        await using var locker = await SynchronousPair.Open(database);
        await using var locked = await locker.BeginTransactionAsync(Ct);
        await using var locking = new NpgsqlCommand("LOCK TABLE cart_items", locker);
        await locking.ExecuteNonQueryAsync(Ct);

        await using var hung = new ShopServer(
            database,
            "hung",
            ("Shop:WarmUp:Rounds", "20"),
            ("Shop:WarmUp:Limit", "00:00:06")
        );
        var alive = await hung.Client.Get("/alive");
        var early = await hung.Client.Get("/health");
        await hung.UntilHealthy(Ct);

        Assert.Equal(HttpStatusCode.OK, alive.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.Status);
        Assert.Equal("application/problem+json", early.Header("Content-Type"));
        Assert.Contains("warm-up", early["detail"].GetString(), StringComparison.Ordinal);
        Assert.NotNull(early.Header("Retry-After"));
        Assert.Equal(0, hung.Services.GetRequiredService<WarmUpState>().Rounds);
    }

    [Fact]
    public void A_request_is_the_warm_ups_own_by_its_mark_and_until_its_end()
    {
        var state = new WarmUpState();
        var own = new DefaultHttpContext { Request = { Headers = { [WarmUpState.Header] = state.Mark } } };
        var forged = new DefaultHttpContext { Request = { Headers = { [WarmUpState.Header] = "guessed" } } };

        Assert.True(state.IsOwn(own.Request));
        Assert.False(state.IsOwn(forged.Request));
        Assert.False(state.IsOwn(new DefaultHttpContext().Request));
        state.End(rounds: 1);
        Assert.False(state.IsOwn(own.Request));
    }

    private static async Task<string> Ask(string database, string query)
    {
        await using var connection = await SynchronousPair.Open(database);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(query) } };
        return (string)(await batch.ExecuteScalarAsync(Ct))!;
    }
}
