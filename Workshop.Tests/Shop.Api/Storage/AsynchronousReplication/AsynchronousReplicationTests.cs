using System.Net;
using LaboratoryBench.Processes;
using Npgsql;
using Shop.Api.Storage.AsynchronousReplication;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage.AsynchronousReplication;

/// <summary>The whole shop over a real primary and a replica behind it.</summary>
public sealed class AsynchronousReplicationTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_reads_what_that_user_wrote_also_while_the_replica_is_behind()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var shop = await PairedShop.Start(pair, "asynchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        // A replica that stops before it has the shop's tables serves no read for ever after.
        await CatchUp(pair);
        await On(pair, standby: true, "SELECT pg_wal_replay_pause()");

        var order = await shop.Client.Order("ann", product, 1);
        var token = order.Header(ReadToken.Header);

        Assert.NotNull(token);
        Assert.StartsWith(
            $"read-token-{pair.First.Port}={token}",
            Uri.UnescapeDataString(order.Header("Set-Cookie")!),
            StringComparison.Ordinal
        );
        Assert.Single(Orders(await shop.Client.Get("/orders/ann", (ReadToken.Header, token))));
        Assert.Single(
            Orders(await shop.Client.Get("/orders/ann", ("Cookie", $"read-token-{pair.First.Port}={token}")))
        );
        // Who carries no token is served by the primary.
        Assert.Single(Orders(await shop.Client.Get("/orders/ann")));
        // A token that says that nothing was written may be served from behind: it was asked for. On a busy machine the
        // replica may be slow to answer, and is then left alone for a while.
        await Eventually.Holds(
            async () => Orders(await shop.Client.Get("/orders/ann", (ReadToken.Header, "1-0/1"))).Count == 0,
            Ct
        );
        Assert.Single(Orders(await shop.Client.Get("/orders/ann", (ReadToken.Header, "no token"))));
    }

    [Fact]
    public async Task A_replica_that_has_caught_up_answers_and_goes_on_when_the_primary_is_gone()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var shop = await PairedShop.Start(pair, "asynchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        var order = await shop.Client.Order("ann", product, 1);
        var token = order.Header(ReadToken.Header)!;
        await CatchUp(pair);

        await pair.First.Kill(Ct);

        // On a busy machine the replica may be slow to answer, and is then left alone for a while.
        await Eventually.Holds(
            async () =>
                await shop.Client.Get("/orders/ann", (ReadToken.Header, token)) is { Status: HttpStatusCode.OK } answer
                && Orders(answer).Count == 1,
            Ct
        );
        var write = await shop.Client.Order("ann", product, 1);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, write.Status);
    }

    [Fact]
    public async Task A_replica_that_hangs_delays_a_read_and_fails_none()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var shop = await PairedShop.Start(pair, "asynchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        var token = (await shop.Client.Order("ann", product, 1)).Header(ReadToken.Header)!;
        await CatchUp(pair);
        await shop.Client.Get("/orders/ann", (ReadToken.Header, token));

        await pair.Second.Pause(Ct);

        for (var number = 0; number < 20; number++)
        {
            var answer = await shop.Client.Get("/orders/ann", (ReadToken.Header, token));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Single(Orders(answer));
        }
    }

    [Fact]
    public async Task After_a_failover_the_list_of_lost_orders_is_exact()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var shop = await PairedShop.Start(pair, "asynchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        var kept = (await shop.Client.Order("ann", product, 1)).Json.GetProperty("id").GetGuid();
        await CatchUp(pair);
        // Received log is replayed by a promotion; only what was never received is lost.
        await pair.Second.Pause(Ct);
        var lost = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            lost.Add((await shop.Client.Order("ann", product, 1)).Json.GetProperty("id").GetGuid());
        }

        await pair.First.Kill(Ct);
        await pair.Second.Kill(Ct);
        await pair.Second.Start(Ct);
        await On(pair, standby: true, "SELECT pg_promote(true)");

        var share = await Lost(shop.Client);
        Assert.Equal(lost, share.EnumerateArray().Select(id => id.GetGuid()));
        var left = Orders(await shop.Client.Get("/orders/ann"));
        Assert.Equal([kept], left.Select(order => order.GetProperty("id").GetGuid()));
        // What was written before the failover says nothing on the new timeline: the primary answers.
        Assert.Single(Orders(await shop.Client.Get("/orders/ann", (ReadToken.Header, "1-FF/0"))));
    }

    /// <summary>Asks again for half a minute and more.</summary>
    private static async Task<System.Text.Json.JsonElement> Lost(ShopClient shop)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var last = (await shop.Get("/storage/lost"))["last"];
            if (last.ValueKind == System.Text.Json.JsonValueKind.Object)
            {
                return last.GetProperty("lost");
            }

            await Task.Delay(100, Ct);
        }

        throw new TimeoutException("no examination");
    }

    private static IReadOnlyList<System.Text.Json.JsonElement> Orders(Answer answer) =>
        [.. answer.Json.EnumerateArray()];

    private static async Task CatchUp(PostgresPair pair)
    {
        await using var primary = await SynchronousPair.Open(pair.First);
        await using var command = new NpgsqlCommand(
            "SELECT bool_and(replay_lsn >= pg_current_wal_flush_lsn()) FROM pg_stat_replication",
            primary
        );
        while (await command.ExecuteScalarAsync(Ct) is not true)
        {
            await Task.Delay(10, Ct);
        }
    }

    private static async Task On(PostgresPair pair, bool standby, string statement)
    {
        await using var connection = await SynchronousPair.Open(standby ? pair.Second : pair.First);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(statement) } };
        await batch.ExecuteNonQueryAsync(Ct);
    }
}
