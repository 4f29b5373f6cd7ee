using Npgsql;
using Registry.Conductor;
using Workshop.ServiceDefaults.Discovery;
using Workshop.Tests.Fixtures;
using Workshop.Tests.ServiceDefaults.Discovery;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>Failovers of a real pair.</summary>
public sealed class FailoverTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_primary_is_replaced_loses_nothing_and_comes_back_as_the_standby()
    {
        await using var scene = await Scene.Start(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);
        await using var client = new Client(scene.Registry.Address);
        var watch = client.Watches.Watch("shop-db");
        await watch.WaitForFirstAnswer(TimeSpan.FromSeconds(30), Ct);
        Assert.Equal("postgres-1", PrimaryOf(watch));

        await scene.Pair.First.Kill(Ct);
        var after = await scene.Until(view => view.Primary is "postgres-2", "another is primary");

        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Ct));
        await Scene.Execute(scene.Pair.Second, "INSERT INTO notes VALUES (2)", Ct);
        Assert.Equal(2, after.Term);
        await foreach (var told in watch.Follow(Ct))
        {
            if (PrimaryOf(watch) is "postgres-2")
            {
                break;
            }

            Assert.True(told.Index > 0);
        }

        Print(await scene.Until(view => view.LastFailover is { To: "postgres-2" }, "noted"));

        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");
        await scene.Pair.Second.Kill(Ct);
        await scene.Until(view => view is { Primary: "postgres-1", Term: 3 }, "and back");
        Assert.Equal([1, 2], await Scene.Notes(scene.Pair.First, Ct));
    }

    [Fact]
    public async Task A_primary_that_hangs_is_ended_before_another_is_promoted()
    {
        await using var scene = await Scene.Start(postgres);

        await scene.Pair.First.Pause(Ct);
        await scene.Until(view => view.Primary is "postgres-2", "another is primary");

        Assert.Contains(scene.Host.Commands, command => command is "fence postgres-1");
        Print(await scene.Until(view => view.LastFailover is { To: "postgres-2" }, "noted"));
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");
    }

    [Fact]
    public async Task A_primary_whose_files_are_damaged_while_it_runs_is_replaced_once_it_lets_nobody_in()
    {
        await using var scene = await Scene.Start(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);
        await using var inside = new NpgsqlConnection(scene.Pair.First.ConnectionString());
        await inside.OpenAsync(Ct);

        File.Delete(Path.Combine(scene.Pair.First.Folder, "global", "pg_filenode.map"));
        await using var end = new NpgsqlCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
            inside
        );
        Assert.NotEqual(0L, await end.ExecuteScalarAsync(Ct));
        await scene.Until(view => view.Primary is "postgres-2", "another is primary");

        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Ct));
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "copied anew, and armed again");
    }

    [Fact]
    public async Task Without_its_standby_the_policy_available_goes_on_alone_after_it_has_said_so_and_arms_again()
    {
        await using var scene = await Scene.Start(postgres);
        await scene.Pair.Second.Pause(Ct);

        await scene.Until(
            view =>
                view is { Armed: false } && view.Guarantee.StartsWith("RPO 0: not in sync", StringComparison.Ordinal),
            "not armed"
        );
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);

        scene.Pair.Second.Resume();
        await scene.Until(view => view.Armed, "armed again");
        await scene.Pair.First.Kill(Ct);
        await scene.Until(view => view.Primary is "postgres-2", "another is primary");
        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Ct));
    }

    [Fact]
    public async Task A_standby_that_is_not_promotable_is_not_promoted_and_the_primary_is_brought_back()
    {
        await using var scene = await Scene.Start(postgres);
        await scene.Pair.Second.Pause(Ct);
        await scene.Until(view => !view.Armed, "not armed");
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);

        await scene.Pair.First.Kill(Ct);
        scene.Pair.Second.Resume();
        await scene.Until(view => view is { Primary: "postgres-1", Armed: true }, "back and armed");

        Assert.Equal([1], await Scene.Notes(scene.Pair.First, Ct));
        Assert.Equal(1, (await scene.View(Ct)).Term);
    }

    [Fact]
    public async Task A_killed_standby_is_started_again_and_under_the_policy_strict_nothing_is_written_without_it()
    {
        await using var scene = await Scene.Start(postgres, policy: "strict");
        await scene.Pair.Second.Pause(Ct);

        // Longer than the other policy would wait for the standby.
        var write = Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", CancellationToken.None, 6);
        await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => write);
        // Nothing could be lost, but nobody could take over either.
        Assert.Equal("RPO 0: not in sync: postgres-2 is no standby that answers", (await scene.View(Ct)).Guarantee);

        await scene.Pair.Second.Kill(Ct);
        await scene.Until(view => view is { Rule: 54, Standby: "postgres-2" }, "started again, and streams");
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (2)", Ct);
    }

    private static string? PrimaryOf(ServiceWatch watch) =>
        watch.Snapshot!.Instances.FirstOrDefault(instance => instance.Metadata["role"] is "primary")?.Instance;

    private static void Print(ConductorView view) =>
        TestContext.Current.TestOutputHelper!.WriteLine(view.LastFailover!.ToString());
}
