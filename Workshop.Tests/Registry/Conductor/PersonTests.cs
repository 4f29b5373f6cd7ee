using System.Net;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>What a person decides, and what a person is told afterwards.</summary>
public sealed class PersonTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_promotes_what_may_be_promoted_and_by_force_what_may_lose_orders()
    {
        await using var scene = await Scene.Start(postgres);
        var anybody = await Promote(scene.Registry.Reader, "");
        var mistyped = await Promote(scene.Registry.Writer, "?force=perhaps");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest), (anybody.Code, mistyped.Code));
        Assert.Equal(1, (await scene.View(Ct)).Term);

        // In sync: nothing can be lost, so no force is needed.
        var changed = await Promote(scene.Registry.Writer, "");
        Assert.Equal(HttpStatusCode.Accepted, changed.Code);
        await scene.Until(view => view is { Primary: "postgres-2", Term: 2 }, "promoted by a person");
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");

        // Not in sync: the standby was gone while something was written, and the primary cannot be brought back.
        await scene.Pair.First.Pause(Ct);
        await scene.Until(view => view is { Armed: false }, "not armed");
        await Scene.Execute(scene.Pair.Second, "INSERT INTO notes VALUES (1)", Ct);
        scene.Host.IsStubborn = true;
        await scene.Pair.Second.Kill(Ct);
        scene.Pair.First.Resume();
        await scene.Until(view => view is { Primary: null, Standby: "postgres-1" }, "no primary");
        var refused = await Promote(scene.Registry.Writer, "");
        Assert.Equal(HttpStatusCode.Conflict, refused.Code);
        Assert.Contains("postgres-1 is not promotable", refused.Text, StringComparison.Ordinal);

        var forced = await Promote(scene.Registry.Writer, "?force=true");
        Assert.Equal(HttpStatusCode.Accepted, forced.Code);
        await scene.Until(view => view is { Primary: "postgres-1", Term: 3 }, "promoted by force");
        Assert.Empty(await Scene.Notes(scene.Pair.First, Ct));
    }

    [Fact]
    public async Task A_planned_switch_over_is_made_only_where_nothing_can_be_lost()
    {
        await using var scene = await Scene.Start(postgres);
        using var anybody = await scene.Registry.Reader.PostAsync("/conductor/switchover", null, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, anybody.StatusCode);

        using var done = await scene.Registry.Writer.PostAsync("/conductor/switchover", null, Ct);
        Assert.Equal(HttpStatusCode.Accepted, done.StatusCode);
        await scene.Until(view => view is { Primary: "postgres-2", Term: 2 }, "switched over");
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");

        scene.Host.IsStubborn = true;
        await scene.Pair.First.Kill(Ct);
        await scene.Until(view => view is { Armed: false }, "not armed");
        using var refused = await scene.Registry.Writer.PostAsync("/conductor/switchover", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(
            "Nobody could take over without a loss",
            await refused.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_standby_that_is_killed_and_stays_dead_holds_writes_up_for_5_s_and_is_in_sync_again_by_itself()
    {
        await using var scene = await Scene.Start(postgres);
        scene.Host.IsStubborn = true;

        var killed = TimeProvider.System.GetTimestamp();
        await scene.Pair.Second.Kill(Ct);
        var view = await scene.Until(
            view => view.Guarantee.StartsWith("RPO 0: not in sync", StringComparison.Ordinal),
            "not armed"
        );
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);
        var resumed = TimeProvider.System.GetElapsedTime(killed);

        TestContext.Current.TestOutputHelper!.WriteLine($"writes resumed after {resumed.TotalMilliseconds:0} ms");
        Assert.False(view.Armed);
        // Not sooner: a standby that is started again within 5 s costs no guarantee.
        Assert.True(resumed > TimeSpan.FromSeconds(4.5), $"{resumed}");
        using var careful = await scene.Registry.Writer.PostAsync("/conductor/promote", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, careful.StatusCode);

        scene.Host.IsStubborn = false;
        await scene.Until(view => view is { Armed: true, Standby: "postgres-2" }, "armed again");
    }

    [Fact]
    public async Task The_last_failover_and_the_orders_that_it_lost_are_still_known_after_a_restart()
    {
        await using var scene = await Scene.Start(postgres, mode: "asynchronous");
        // A server of the shop that has compared its receipts with timeline 2, the first that a promotion makes, and another
        // that has not met it yet, and whose list is that of an older failover.
        var late = 1L;
        await using var shop = await Shop(scene, "shop-api-1", () => 2, "0198a1b2-0000-7000-8000-000000000001");
        await using var other = await Shop(scene, "shop-api-2", () => late, "0198a1b2-0000-7000-8000-000000000002");

        await scene.Pair.First.Kill(Ct);
        var first = await scene.Until(view => view.LastFailover is { Lost.Count: > 0 }, "told what was lost");
        Assert.Equal(["0198a1b2-0000-7000-8000-000000000001"], first.LastFailover!.Lost);
        Assert.Equal(["shop-api-1"], first.LastFailover.ComparedBy);
        Assert.Equal(["shop-api-2"], first.LastFailover.NotComparedBy);
        Assert.Equal((2, 3), (first.LastFailover.Timeline, first.LastFailover.ComparedReceipts));

        late = 2;
        var told = await scene.Until(view => view.LastFailover is { NotComparedBy.Count: 0 }, "told by all");
        Assert.Equal(
            ["0198a1b2-0000-7000-8000-000000000001", "0198a1b2-0000-7000-8000-000000000002"],
            told.LastFailover!.Lost
        );
        Assert.Equal(["shop-api-1", "shop-api-2"], told.LastFailover.ComparedBy);
        Assert.Equal((6, 1000), (told.LastFailover.ComparedReceipts, told.LastFailover.LostBytes));

        await scene.RestartRegistry(() => Task.CompletedTask);
        var again = await scene.Until(view => view.Term == 2, "restarted");
        Assert.Equal(
            (2L, "postgres-1", "postgres-2"),
            (again.LastFailover!.Term, again.LastFailover.From, again.LastFailover.To)
        );
        Assert.Equal(told.LastFailover.Lost, again.LastFailover.Lost);
        Assert.Equal(told.LastFailover.FenceMilliseconds, again.LastFailover.FenceMilliseconds);
    }

    private static async Task<(HttpStatusCode Code, string Text)> Promote(HttpClient http, string query)
    {
        using var response = await http.PostAsync($"/conductor/promote{query}", null, Ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<WebApplication> Shop(Scene scene, string name, Func<long> timeline, params string[] lost)
    {
        var port = FreePorts.Next();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(FormattableString.Invariant($"http://localhost:{port}"));
        builder.Services.AddRouting();
        var shop = builder.Build();
        shop.UseRouting();
        shop.MapGet("/alive", () => "alive");
        shop.MapGet(
            "/storage/lost",
            () =>
                new
                {
                    instance = name,
                    last = new
                    {
                        timeline = timeline(),
                        compared = 3,
                        lost,
                        lostMilliseconds = 20,
                        lostBytes = 1000,
                    },
                }
        );
        await shop.StartAsync(Ct);
        await scene.Registry.Register("shop-api", name, port);
        return shop;
    }
}
