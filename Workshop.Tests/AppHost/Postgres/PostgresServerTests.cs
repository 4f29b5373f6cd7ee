using LaboratoryBench.Processes;
using Npgsql;
using Workshop.AppHost.Postgres;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>A pair of real servers, and the faults that the workshop makes.</summary>
public sealed class PostgresServerTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_of_the_shared_server_is_its_own()
    {
        var first = await postgres.CreateDatabase(Ct);
        var second = await postgres.CreateDatabase(Ct);

        await Execute(first, "CREATE TABLE orders (id int)");

        Assert.Null(await Scalar(second, "SELECT to_regclass('orders')::text"));
    }

    [Fact]
    public async Task A_standby_receives_what_the_primary_commits_and_a_killed_primary_rejoins_it()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await Execute(pair.First.ConnectionString(), "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)");
        await Execute(pair.First.ConnectionString(), "ALTER SYSTEM SET synchronous_standby_names = '\"postgres-2\"'");

        await pair.First.Kill(Ct);
        Assert.False(pair.First.IsRunning);
        Assert.Equal(true, await Scalar(pair.Second.ConnectionString(), "SELECT pg_promote()"));
        await PostgresPair.Rejoin(pair.First, pair.Second, Ct);
        await Execute(pair.Second.ConnectionString(), "INSERT INTO orders VALUES (2)");

        Assert.True(pair.First.IsStandby);
        Assert.Equal("", await Scalar(pair.First.ConnectionString(), "SHOW synchronous_standby_names"));
        await Eventually(async () =>
            Assert.Equal(2L, await Scalar(pair.First.ConnectionString(), "SELECT count(*) FROM orders"))
        );
    }

    [Fact]
    public async Task A_paused_server_hangs_its_clients_and_goes_on_when_resumed()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await using var connection = new NpgsqlConnection(pair.First.ConnectionString());
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT 1", connection);

        await pair.First.Pause(Ct);
        var answer = command.ExecuteScalarAsync(Ct);
        var first = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(300), Ct));

        Assert.True(pair.First.IsPaused);
        Assert.NotSame(answer, first);
        pair.First.Resume();
        Assert.Equal(1, await answer);
    }

    [Fact]
    public async Task A_paused_server_can_be_killed()
    {
        await using var pair = await postgres.CreatePair(Ct);
        await pair.First.Pause(Ct);

        await pair.First.Kill(Ct);

        Assert.False(pair.First.IsRunning);
        Assert.False(pair.First.IsPaused);
    }

    [Fact]
    public async Task A_server_whose_port_is_taken_says_so()
    {
        await using var pair = await postgres.CreatePair(Ct);
        var options = new PostgresOptions
        {
            Name = "postgres-3",
            Folder = Path.Combine(Path.GetDirectoryName(pair.First.Folder)!, "postgres-3"),
            Port = pair.First.Port,
            Password = "unused",
        };
        await using var third = new PostgresServer(await postgres.Installation(Ct), options);
        await third.Initialize(Ct);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => third.Start(Ct));

        Assert.StartsWith("postgres-3 ended with exit code 1", error.Message, StringComparison.Ordinal);
    }

    private static async Task Eventually(Func<Task> assertion)
    {
        for (var attempt = 0; attempt < 1_500; attempt++)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Xunit.Sdk.XunitException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), Ct);
            }
        }

        await assertion();
    }

    private static async Task Execute(string connectionString, string sql) => await Scalar(connectionString, sql);

    private static async Task<object?> Scalar(string connectionString, string sql)
    {
        // Not from a pool: the pool of a server that was killed hands out broken connections.
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are literals of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        var result = await command.ExecuteScalarAsync(Ct);
        return result is DBNull ? null : result;
    }
}
