using System.Net;
using System.Net.Http.Json;
using LaboratoryBench.Processes;
using Registry.Conductor;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>
/// What the conductor does when it starts in the middle, cannot fence, has no standby, or the standby lags.
/// </summary>
public sealed class InterruptedFailoverTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conductor_that_restarts_at_any_step_goes_on_where_the_other_stopped()
    {
        await using var scene = await Scene.Start(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);

        // While nothing is wrong: nothing happens.
        await scene.RestartRegistry(() => Task.CompletedTask);
        await scene.Until(view => view is { Armed: true, Primary: "postgres-1", Term: 1 }, "nothing happened");

        // The primary died while nobody watched.
        await scene.RestartRegistry(() => scene.Pair.First.Kill(Ct));
        await scene.Until(view => view is { Primary: "postgres-2", Term: 2 }, "found dead and replaced");
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");

        // After the persisted state, before the promotion; the old primary, fenced once, was started again meanwhile.
        var persisted = await scene.ReadPersistedState(Ct);
        await scene.RestartRegistry(() => Task.CompletedTask, persisted.Begin("postgres-1"));
        await scene.Until(view => view is { Primary: "postgres-1", Term: 3 }, "promoted in the term that was written");
        Assert.False(scene.Pair.Second.IsRunning && !scene.Pair.Second.IsStandby);
        await scene.Until(view => view is { Armed: true, Standby: "postgres-2" }, "armed again");

        // After the promotion, before it was written down.
        persisted = await scene.ReadPersistedState(Ct);
        await scene.RestartRegistry(
            async () =>
            {
                await scene.Pair.First.Kill(Ct);
                await Scene.Execute(scene.Pair.Second, "SELECT pg_promote()", Ct);
            },
            persisted.Begin("postgres-2")
        );
        await scene.Until(view => view is { Primary: "postgres-2", Term: 4 }, "found promoted");
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");
        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Ct));

        // The host let the standby lead, because the primary's files were damaged: nothing of it is written down.
        await scene.RestartRegistry(async () =>
        {
            await scene.Pair.Second.Kill(Ct);
            await Scene.Execute(scene.Pair.First, "SELECT pg_promote()", Ct);
        });
        await scene.Until(view => view is { Primary: "postgres-1", Term: 5 }, "takes the place that it has");
        await scene.Until(view => view is { Armed: true, Standby: "postgres-2" }, "armed again");
        Assert.Equal([1], await Scene.Notes(scene.Pair.First, Ct));
    }

    [Fact]
    public async Task Who_cannot_fence_never_promotes()
    {
        await using var scene = await Scene.Start(postgres, hasHost: false);
        await scene.Until(view => !view.CanFence, "cannot fence");

        await scene.Pair.First.Kill(Ct);
        var view = await scene.Until(view => view.Primary is null, "no primary");
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);

        view = await scene.View(Ct);
        Assert.Equal((19, 1L), (view.Rule, view.Term));
        Assert.True(scene.Pair.Second.IsStandby);
    }

    [Fact]
    public async Task In_basic_mode_a_primary_that_dies_or_hangs_is_started_again()
    {
        await using var scene = await Scene.Start(postgres, mode: "basic");
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);

        await scene.Pair.First.Kill(Ct);
        await scene.Until(view => IsStarted(view, times: 1), "started again");
        await scene.Pair.First.Pause(Ct);
        await scene.Until(view => IsStarted(view, times: 2), "ended and started again");

        Assert.Equal([1], await Scene.Notes(scene.Pair.First, Ct));

        // The time without a primary is short: who looks now and then may miss it, but not what was noted.
        static bool IsStarted(ConductorView view, int times) =>
            view.Primary is "postgres-1"
            && view.Events.Count(happened => happened is { Name: "postgres-1: start", Detail: "done" }) == times;
    }

    [Fact]
    public async Task In_asynchronous_mode_what_the_replica_lacked_is_lost_and_no_more()
    {
        await using var scene = await Scene.Start(postgres, mode: "asynchronous");
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);
        await scene.Until(view => view.LagBytes == 0, "received");

        using var refused = await Lag(scene, 60_001);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var taken = await Lag(scene, 60_000);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        await Eventually.Holds(
            async () =>
            {
                await Scene.Execute(scene.Pair.First, "INSERT INTO notes SELECT max(id) + 1 FROM notes", Ct);
                return await scene.View(Ct) is { LagBytes: > 0, LagMilliseconds: > 300 };
            },
            Ct,
            pause: TimeSpan.FromMilliseconds(20)
        );

        var behind = await scene.Until(view => !view.InSync, "more than a second behind");
        Assert.StartsWith("RPO: the lag, now ", behind.Guarantee, StringComparison.Ordinal);
        Assert.Contains("; not in sync: replay on postgres-2 is ", behind.Guarantee, StringComparison.Ordinal);
        var written = await Scene.Notes(scene.Pair.First, Ct);

        await scene.Pair.First.Kill(Ct);
        var after = await scene.Until(view => view.LastFailover is { To: "postgres-2" }, "replaced");
        var kept = await Scene.Notes(scene.Pair.Second, Ct);

        Assert.Equal(written.Take(kept.Count), kept);
        Assert.True(kept.Count < written.Count, "nothing was lost, so nothing was held back");
        Assert.True(after.LastFailover!.LagBytesBefore > 0);
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");
    }

    private static async Task<HttpResponseMessage> Lag(Scene scene, int milliseconds) =>
        await scene.Registry.Writer.PostAsJsonAsync("/conductor/lag", new { milliseconds }, Ct);
}
