using System.Diagnostics;
using System.Net;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Storage;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>Work that is committed in its own round trip, on real servers.</summary>
public sealed class WriteBatchTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_whole_is_committed_when_it_returns()
    {
        var (database, connection) = await NewNotes();
        await using var writing = connection;

        Assert.Equal(1, await CommitGuard.RunWhole(connection, Insert("INSERT INTO notes VALUES (1)"), Times.Last));

        await using var other = await NoteTransaction.Begin(database, Ct);
        Assert.True(await other.Has(1));
    }

    [Theory]
    [InlineData("INSERT INTO notes VALUES (1), (1)", PostgresErrorCodes.UniqueViolation)]
    // Found only at the commit, after the statement itself was answered.
    [InlineData("INSERT INTO replies VALUES (7)", PostgresErrorCodes.ForeignKeyViolation)]
    public async Task What_the_server_refuses_is_known_not_to_have_happened(string statement, string error)
    {
        var (database, connection) = await NewNotes();
        await using var writing = connection;

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            CommitGuard.RunWhole(connection, Insert("INSERT INTO notes VALUES (2)", statement), Times.Last)
        );

        Assert.Equal(error, refused.SqlState);
        await using var other = await NoteTransaction.Begin(database, Ct);
        Assert.False(await other.Has(2));
    }

    [Fact]
    public async Task Work_whose_session_ends_under_it_is_unknown()
    {
        var (_, connection) = await NewNotes();
        await using var writing = connection;

        await Assert.ThrowsAsync<CommitUnknownException>(() =>
            CommitGuard.RunWhole(
                connection,
                Insert("INSERT INTO notes VALUES (1)", "SELECT pg_terminate_backend(pg_backend_pid())"),
                Times.Last
            )
        );
    }

    [Fact]
    public async Task Even_where_a_copy_exists_a_wait_that_the_server_ends_is_no_success()
    {
        await using var armed = await MirroredPair.Create(postgres, Ct);
        await armed.Mirror.Kill(Ct);
        var writing = Write();
        await armed.Until(armed.Primary, "SELECT bool_or(wait_event = 'SyncRep') FROM pg_stat_activity");

        await armed.On(
            armed.Primary,
            "SELECT bool_and(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        );

        await Assert.ThrowsAsync<CommitUnknownException>(() => writing);

        async Task<int> Write()
        {
            await using var connection = await MirroredPair.Open(armed.Primary);
            return await CommitGuard.RunWhole(connection, Insert("INSERT INTO notes VALUES (1)"), Times.Last);
        }
    }

    [Fact]
    public async Task An_order_that_was_given_up_while_the_only_server_hung_is_never_placed()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var shop = new ShopServer(pair.First.ConnectionString(), "shop-api-alone");
        await WaitFor(async () => (await shop.Client.Get("/health")).Status == HttpStatusCode.OK);
        var product = await shop.Client.NewProduct(stock: 10);
        // A session is there already, so the order is sent to the server that hangs.
        Assert.Equal(HttpStatusCode.Created, (await shop.Client.Order("ann", product, 1)).Status);
        await pair.First.Pause(Ct);

        var given = await shop.Client.Order("ben", product, 1);
        pair.First.Resume();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, given.Status);
        Assert.NotNull(given.Header("Retry-After"));
        Assert.Equal("Service Unavailable", given["title"].GetString());
        Assert.False(given.Json.TryGetProperty("errors", out _), given.Text);
        await WaitFor(async () =>
            await shop.Client.Get("/storage") is { Status: HttpStatusCode.OK } storage
            && storage["commitsLeftWaiting"].GetInt32() == 0
        );
        Assert.Equal("[]", (await shop.Client.Get("/orders/ben")).Text);
        Assert.Equal(9, await shop.Client.Stock(product));
        Assert.Equal(HttpStatusCode.Created, (await shop.Client.Order("ben", product, 1)).Status);
    }

    private async Task<(string Database, NpgsqlConnection Connection)> NewNotes()
    {
        var database = await postgres.CreateDatabase(Ct);
        var connection = await MirroredPair.Open(database);
        await using var tables = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(NoteTransaction.Table),
                new("CREATE TABLE replies (note int REFERENCES notes DEFERRABLE INITIALLY DEFERRED)"),
            },
        };
        await tables.ExecuteNonQueryAsync(Ct);
        return (database, connection);
    }

    /// <summary>Statements, and how many rows they changed.</summary>
    private static WriteBatch<int> Insert(params string[] statements) =>
        new(
            (batch, _) =>
            {
                foreach (var statement in statements)
                {
                    batch.BatchCommands.Add(new(statement));
                }
            },
            (reader, _) => Task.FromResult(reader.RecordsAffected)
        );

    private static async Task WaitFor(Func<Task<bool>> condition)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(60), "It did not come within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Ct);
        }
    }
}
