using System.Diagnostics;
using LaboratoryBench.Processes;
using Npgsql;
using Workshop.Tests.Fixtures;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>
/// A primary whose commits wait for its standby, as the conductor arms it, with a table of notes to write to.
/// </summary>
internal sealed class SynchronousPair : IAsyncDisposable
{
    private SynchronousPair(PostgresPair pair) => Pair = pair;

    public PostgresPair Pair { get; }

    public PostgresServer Primary => Pair.First;

    public PostgresServer Standby => Pair.Second;

    public static async Task<SynchronousPair> Create(PostgresFixture postgres, CancellationToken ct)
    {
        var armed = new SynchronousPair(await postgres.CreatePair(ct));
        await armed.On(
            armed.Primary,
            """ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ("postgres-2")'""",
            "SELECT pg_reload_conf()"
        );
        await armed.Until(armed.Primary, "SELECT bool_or(sync_state = 'sync') FROM pg_stat_replication");
        // Armed by now, so both have the table.
        await armed.On(armed.Primary, NoteTransaction.Table);
        return armed;
    }

    /// <summary>Kills the primary, starts the standby without it and promotes it.</summary>
    public async Task FailOver(CancellationToken ct)
    {
        await Primary.Kill(ct);
        if (!Standby.IsRunning)
        {
            await Standby.Start(ct);
        }

        await On(Standby, "SELECT pg_promote(true)");
    }

    /// <summary>The numbers in the table of notes.</summary>
    public async Task<IReadOnlyList<int>> Notes(PostgresServer server)
    {
        await using var connection = await Open(server);
        await using var command = new NpgsqlCommand(
            "SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM notes",
            connection
        );
        return (int[])(await command.ExecuteScalarAsync())!;
    }

    public async Task On(PostgresServer server, params string[] statements)
    {
        await using var connection = await Open(server);
        foreach (var statement in statements)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(statement) } };
            await batch.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Waits until a query on <paramref name="server"/> says true.</summary>
    public async Task Until(PostgresServer server, string condition)
    {
        await using var connection = await Open(server);
        var started = Stopwatch.StartNew();
        while (started.Elapsed < TimeSpan.FromSeconds(60))
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(condition) } };
            if (await batch.ExecuteScalarAsync() is true)
            {
                return;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"{server.Name} did not come to: {condition}");
    }

    public ValueTask DisposeAsync() => Pair.DisposeAsync();

    /// <summary>Outside every pool: servers come and go here.</summary>
    public static Task<NpgsqlConnection> Open(PostgresServer server) => Open(server.ConnectionString());

    public static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }
}
