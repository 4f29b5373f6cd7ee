using System.Diagnostics;
using LaboratoryBench.Processes;
using Npgsql;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>"In sync" is a promise about time too: the standby has replayed, and nobody holds it up.</summary>
public sealed class ReplayTests(PostgresFixture postgres)
{
    /// <summary>
    /// The promise is 1 s. A reader once held the failover up for 27 s: that is told from two busy cores, which get the rest.
    /// </summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_standby_whose_replay_is_paused_is_not_in_sync_and_says_so()
    {
        await using var scene = await Scene.Start(postgres);
        await Run(scene.Pair.Second, "SELECT pg_wal_replay_pause()");

        var paused = await scene.Until(view => !view.InSync, "not in sync");
        await Run(scene.Pair.Second, "SELECT pg_wal_replay_resume()");
        var resumed = await scene.Until(view => view.InSync, "in sync again");

        Assert.Equal("replay is paused on postgres-2", paused.NotInSyncBecause);
        Assert.Equal("RPO 0: not in sync: replay is paused on postgres-2", paused.Guarantee);
        Assert.False(paused.Armed);
        Assert.Equal("RPO 0: in sync", resumed.Guarantee);
        Assert.All(resumed.Disks, disk => Assert.False(disk.Full));
    }

    [Fact]
    public async Task A_reader_that_was_forgotten_on_the_standby_does_not_hold_a_failover_up()
    {
        await using var scene = await Scene.Start(postgres);
        await Run(scene.Pair.First, "INSERT INTO notes SELECT generate_series(1, 10000)");
        await using var forgotten = new NpgsqlConnection(scene.Pair.Second.ConnectionString() + ";Pooling=false");
        await forgotten.OpenAsync(Ct);
        await using (
            var look = new NpgsqlBatch(forgotten)
            {
                BatchCommands = { new("BEGIN ISOLATION LEVEL REPEATABLE READ"), new("SELECT count(*) FROM pg_class") },
            }
        )
        {
            await look.ExecuteNonQueryAsync(Ct);
        }

        await Run(scene.Pair.First, "DELETE FROM notes");
        await Run(scene.Pair.First, "VACUUM notes");
        await Run(scene.Pair.First, "CREATE TABLE more (id int)");
        var killed = Stopwatch.GetTimestamp();
        await scene.Pair.First.Kill(Ct);

        await scene.Until(view => view is { Primary: "postgres-2", Term: 2 }, "failed over");

        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, Promised);
    }

    private static async Task Run(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString());
        await using var session = await source.OpenConnectionAsync(Ct);
        await using var batch = new NpgsqlBatch(session) { BatchCommands = { new(sql) } };
        await batch.ExecuteNonQueryAsync(Ct);
    }
}
