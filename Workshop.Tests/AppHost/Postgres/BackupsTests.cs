using LaboratoryBench.Processes;
using Workshop.AppHost;
using Workshop.AppHost.Hosting;
using Workshop.AppHost.Postgres;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>A backup takes the place of a server's data, and what was in the lost time is never taken for what is now.</summary>
public sealed class BackupsTests(PostgresFixture postgres) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string scratch = TestFolders.Create("backups");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    [Fact]
    public async Task Each_restore_begins_a_timeline_that_never_was_and_a_standby_follows_it()
    {
        await using var pair = await postgres.CreatePair(Ct);
        var (first, second) = (pair.First, pair.Second);
        using var state = StateFolder.Open(WorkshopOptions.Read([]), scratch, "http://localhost:18888");
        var backups = new Backups(state, TimeProvider.System);
        await first.Ask("CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)", Ct);
        await backups.Make(first, Ct);
        await second.Stop(Limit, Ct);

        for (var timeline = 2; timeline <= 4; timeline++)
        {
            await first.Ask("INSERT INTO orders VALUES (2)", Ct);
            await first.Stop(Limit, Ct);
            await backups.Restore(first);
            // As the host does before each start of a server that is alone.
            DataFolder.StandAlone(first.Folder);
            await first.Start(Ct);
            await Eventually.Holds(() => first.TakesWrites(Ct), Ct);

            Assert.Equal(timeline, DataFolder.Timeline(first.Folder));
            Assert.Equal(1L, await first.Ask("SELECT count(*) FROM orders", Ct));
        }

        await PostgresPair.Rejoin(second, first, Ct);
        await first.Ask("INSERT INTO orders VALUES (3)", Ct);
        await Eventually.Holds(async () => await second.Ask("SELECT count(*) FROM orders", Ct) is 2L, Ct);
        Assert.Equal("latest", await second.Ask("SHOW recovery_target_timeline", Ct));
    }
}
