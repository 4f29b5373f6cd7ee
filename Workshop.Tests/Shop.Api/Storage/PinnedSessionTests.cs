using System.Globalization;
using System.Net;
using Npgsql;
using Shop.Api.Storage;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>What the commit guard stands on, and what a session does when its tables change under it.</summary>
public sealed class PinnedSessionTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_setting_of_a_database_silences_the_guard()
    {
        var text = await postgres.CreateDatabase(Ct);
        var name = new NpgsqlConnectionStringBuilder(text).Database!;
        await using (var owner = NpgsqlDataSource.Create(text))
        {
            foreach (var setting in new[] { "client_min_messages = error", "synchronous_commit = off" })
            {
                await using var alter = new NpgsqlBatch(await owner.OpenConnectionAsync(Ct))
                {
                    BatchCommands = { new($"ALTER DATABASE \"{name}\" SET {setting}") },
                };
                await alter.ExecuteNonQueryAsync(Ct);
                await alter.Connection!.DisposeAsync();
            }
        }

        await using var shop = NpgsqlDataSource.Create(ShopDataSources.Settings(text, 1).ConnectionString);
        await using var ask = shop.CreateCommand(
            "SELECT current_setting('client_min_messages') || ' ' || current_setting('synchronous_commit')"
        );

        Assert.Equal("notice on", await ask.ExecuteScalarAsync(Ct));
    }

    [Theory]
    [InlineData("SET client_min_messages = error")]
    [InlineData("SET synchronous_commit = off")]
    [InlineData("SET synchronous_commit = local")]
    public async Task A_guard_that_would_not_be_told_does_not_acknowledge(string silence)
    {
        await using var connection = new NpgsqlConnection(await postgres.CreateDatabase(Ct));
        await connection.OpenAsync(Ct);
        await using (var set = new NpgsqlBatch(connection) { BatchCommands = { new(silence) } })
        {
            await set.ExecuteNonQueryAsync(Ct);
        }

        await using var transaction = await connection.BeginTransactionAsync(Ct);

        await Assert.ThrowsAsync<CommitUnknownException>(() => CommitGuard.CommitAsync(connection, replicated: true));
    }

    [Fact]
    public async Task A_table_that_is_altered_while_the_shop_runs_makes_no_500()
    {
        var database = await postgres.CreateDatabase(Ct);
        await using var shop = new Shop.Api.ShopServer(database, "shop-api-altered");
        await shop.UntilHealthy(Ct);

        var product = await shop.Client.NewProduct(100);
        var path = $"/products/{product}";
        for (var round = 0; round < 4; round++)
        {
            await Ask(round);
        }

        await using (var owner = NpgsqlDataSource.Create(database))
        await using (var alter = owner.CreateCommand("ALTER TABLE products ALTER COLUMN name TYPE varchar(400)"))
        {
            await alter.ExecuteNonQueryAsync(Ct);
        }

        for (var round = 0; round < 4; round++)
        {
            await Ask(round);
        }

        async Task Ask(int round)
        {
            var answers = await Task.WhenAll(
                shop.Client.Get(path),
                shop.Client.Get("/products?limit=5"),
                shop.Client.Put(path, new { description = round.ToString(CultureInfo.InvariantCulture) }),
                shop.Client.Post("/cart/altered", new { productId = product, quantity = 1 }),
                shop.Client.Order("altered", product, 1)
            );
            Assert.All(answers, answer => Assert.True(answer.Status < HttpStatusCode.BadRequest, answer.Text));
        }
    }
}
