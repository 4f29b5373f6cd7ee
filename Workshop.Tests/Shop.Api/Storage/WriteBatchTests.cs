using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Shop.Api.Data;
using Shop.Api.Storage;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>Work that is committed in its own round trip, on real servers.</summary>
public sealed class WriteBatchTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_whole_is_committed_when_it_returns(bool replicated)
    {
        var (database, connection) = await NewNotes();
        await using var writing = connection;
        var work = Insert("INSERT INTO notes VALUES (1)");

        var (changed, position) = await CommitGuard.RunWhole(connection, work, Times.Last, replicated);

        Assert.Equal(1, changed);
        Assert.Equal(replicated, position is { Timeline: > 0 } && position.Position > default(NpgsqlLogSequenceNumber));
        await using var other = await NoteTransaction.Begin(database, Ct);
        Assert.True(await other.Has(1));
    }

    [Theory]
    [InlineData(false, "INSERT INTO notes VALUES (1), (1)", PostgresErrorCodes.UniqueViolation)]
    [InlineData(true, "INSERT INTO notes VALUES (1), (1)", PostgresErrorCodes.UniqueViolation)]
    // Found only at the commit, after the statement itself was answered.
    [InlineData(false, "INSERT INTO replies VALUES (7)", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData(true, "INSERT INTO replies VALUES (7)", PostgresErrorCodes.ForeignKeyViolation)]
    public async Task What_the_server_refuses_is_known_not_to_have_happened(
        bool replicated,
        string statement,
        string error
    )
    {
        var (database, connection) = await NewNotes();
        await using var writing = connection;
        var work = Insert("INSERT INTO notes VALUES (2)", statement);

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            CommitGuard.RunWhole(connection, work, Times.Last, replicated)
        );

        Assert.Equal(error, refused.SqlState);
        await using var other = await NoteTransaction.Begin(database, Ct);
        Assert.False(await other.Has(2));
    }

    [Theory]
    [InlineData("pg_logical_emit_message(boolean, text, text)", true)]
    [InlineData("pg_walfile_name(pg_lsn)", false)]
    public async Task An_error_before_the_commit_is_a_refusal_and_one_after_it_tells_nothing(
        string function,
        bool isRefusal
    )
    {
        var (database, connection) = await NewNotes();
        await using var writing = connection;
        await using var breaking = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("CREATE SCHEMA broken"),
                new(
                    $"CREATE FUNCTION broken.{function} RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
                ),
                new("SET search_path TO broken, public, pg_catalog"),
            },
        };
        await breaking.ExecuteNonQueryAsync(Ct);
        var work = Insert("INSERT INTO notes VALUES (1)");

        var error = await Record.ExceptionAsync(() =>
            CommitGuard.RunWhole(connection, work, Times.Last, replicated: true)
        );

        Assert.IsType(isRefusal ? typeof(PostgresException) : typeof(CommitUnknownException), error);
        await using var other = await NoteTransaction.Begin(database, Ct);
        Assert.Equal(!isRefusal, await other.Has(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_whose_session_ends_under_it_is_unknown(bool replicated)
    {
        var (_, connection) = await NewNotes();
        await using var writing = connection;
        var work = Insert("INSERT INTO notes VALUES (1)", "SELECT pg_terminate_backend(pg_backend_pid())");

        await Assert.ThrowsAsync<CommitUnknownException>(() =>
            CommitGuard.RunWhole(connection, work, Times.Last, replicated)
        );
    }

    [Fact]
    public async Task Work_that_failed_leaves_no_transaction_in_its_session()
    {
        var (database, connection) = await NewNotes();
        await connection.DisposeAsync();
        await using var pool = NpgsqlDataSource.Create(ShopDataSources.Settings(database, maxConnections: 1));

        var failed = await Run("INSERT INTO notes VALUES (1), (1)");
        var next = await Run("INSERT INTO notes VALUES (2)");

        Assert.IsType<PostgresException>(failed.Error);
        Assert.Null(next.Error);
        Assert.Equal(failed.Session, next.Session);
        await using var other = await NoteTransaction.Begin(database, Ct);
        Assert.True(await other.Has(2));
        Assert.False(await other.Has(1));

        async Task<(int Session, Exception? Error)> Run(string statement)
        {
            await using var session = await pool.OpenConnectionAsync(Ct);
            var work = Insert(statement);
            return (
                session.ProcessID,
                await Record.ExceptionAsync(() => CommitGuard.RunWhole(session, work, Times.Last, replicated: true))
            );
        }
    }

    [Theory]
    [InlineData("pg_cancel_backend", "INSERT INTO notes VALUES (1)")]
    [InlineData("pg_terminate_backend", "INSERT INTO notes VALUES (1)")]
    // It wrote nothing, but what it read may be on this server alone.
    [InlineData("pg_cancel_backend", "SELECT 1")]
    public async Task A_wait_for_the_standby_that_the_server_ends_is_no_success(string ending, string statement)
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await armed.Standby.Kill(Ct);
        var writing = Write();
        await armed.Until(armed.Primary, "SELECT bool_or(wait_event = 'SyncRep') FROM pg_stat_activity");

        await armed.On(
            armed.Primary,
            $"SELECT bool_and({ending}(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        );

        await Assert.ThrowsAsync<CommitUnknownException>(() => writing);

        async Task<int> Write()
        {
            await using var connection = await SynchronousPair.Open(armed.Primary);
            var (changed, _) = await CommitGuard.RunWhole(connection, Insert(statement), Times.Last, replicated: true);
            return changed;
        }
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("synchronous")]
    [InlineData("asynchronous")]
    public async Task An_order_that_was_given_up_while_its_server_hung_is_never_placed(string mode)
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, mode, Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        // A session is there already, so the order is sent to the server that hangs.
        Assert.Equal(HttpStatusCode.Created, (await shop.Client.Order("ann", product, 1)).Status);
        await armed.Primary.Pause(Ct);

        var given = await shop.Client.Order("ben", product, 1);
        armed.Primary.Resume();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, given.Status);
        Assert.NotNull(given.Header("Retry-After"));
        Assert.Equal("Service Unavailable", given["title"].GetString());
        Assert.False(given.Json.TryGetProperty("errors", out _), given.Text);
        var abandoned = shop.Services.GetRequiredService<AbandonedCommits>();
        await WaitFor(() => Task.FromResult(abandoned.Count == 0));
        await WaitFor(async () => (await shop.Client.Get("/orders/ben")).Text is "[]");
        Assert.Equal(9, await shop.Client.Stock(product));
        await WaitFor(async () => (await shop.Client.Order("ben", product, 1)).Status == HttpStatusCode.Created);
    }

    private async Task<(string Database, NpgsqlConnection Connection)> NewNotes()
    {
        var database = await postgres.CreateDatabase(Ct);
        var connection = await SynchronousPair.Open(database);
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
