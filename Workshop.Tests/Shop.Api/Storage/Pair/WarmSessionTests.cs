using System.Net;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Api.Storage.Pair;
using Workshop.Tests.Fixtures;
using Workshop.Tests.ShopApi.Storage;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage.Pair;

public sealed class WarmSessionTests(PostgresFixture postgres)
{
    private const int Kept = WarmSessions.ForWrites + WarmSessions.ForReads;

    private const string Clients =
        "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_wait_at_the_standby_and_do_the_writes_of_the_new_primary()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        await armed.Until(armed.Standby, $"SELECT count(*) >= {Kept} {Clients}");
        var waiting = await Sessions(armed.Standby, "true");

        await armed.FailOver(Ct);
        shop.Services.GetRequiredService<DatabasePair>().Take(Roles(armed));
        var order = await shop.Client.Order("ann", product, 1, ("Idempotency-Key", "first"));

        Assert.Equal(HttpStatusCode.Created, order.Status);
        // The commit ends with the question where the log stands, which a standby refuses to answer.
        var wrote = await Sessions(armed.Standby, "query LIKE '%pg_current_wal_flush_lsn()%'");
        Assert.NotEmpty(wrote);
        Assert.Subset(waiting, wrote);
    }

    [Fact]
    public async Task A_standby_that_was_made_anew_gets_sessions_again()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        await armed.Until(armed.Standby, $"SELECT count(*) >= {Kept} {Clients}");

        await PostgresPair.Rejoin(armed.Standby, armed.Primary, Ct);

        await armed.Until(armed.Standby, $"SELECT count(*) >= {Kept} {Clients}");
    }

    private static PairRoles Roles(SynchronousPair armed) =>
        new(
            2,
            [
                new(armed.Primary.Name, $"localhost:{armed.Primary.Port}", "none"),
                new(armed.Standby.Name, $"localhost:{armed.Standby.Port}", "primary"),
            ]
        );

    private static async Task<HashSet<int>> Sessions(PostgresServer server, string condition)
    {
        await using var connection = await SynchronousPair.Open(server);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new($"SELECT coalesce(array_agg(pid), '{{}}') {Clients} AND {condition}") },
        };
        return [.. (int[])(await batch.ExecuteScalarAsync(Ct))!];
    }
}
