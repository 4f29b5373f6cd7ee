using System.Net;
using System.Net.Http.Json;
using LaboratoryBench.Processes;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>The storage mode is changed while the conductor runs, over a real pair.</summary>
public sealed class ModeChangeTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_changes_the_mode_and_a_later_start_with_another_one_keeps_it()
    {
        await using var scene = await Scene.Start(postgres);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Want(scene.Registry.Reader, "asynchronous")).Code);
        var mistyped = await Want(scene.Registry.Writer, "floppy");
        Assert.Equal(HttpStatusCode.BadRequest, mistyped.Code);
        Assert.Contains("basic, synchronous, asynchronous", mistyped.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "asynchronous")).Code);
        var changed = await Reached(scene, "asynchronous");
        Assert.StartsWith("RPO: ", changed.Guarantee, StringComparison.Ordinal);
        await scene.Until(view => view.Armed, "the standby may take over");
        // Nobody waits for the standby any more.
        scene.Host.IsStubborn = true;
        await scene.Pair.Second.Kill(Ct);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct, limitSeconds: 3);
        scene.Host.IsStubborn = false;

        // The host says synchronous, as at the first start.
        await scene.RestartRegistry(() => Task.CompletedTask);
        await scene.Until(view => view is { Mode: "asynchronous", Primary: "postgres-1" }, "the mode is kept");
        Assert.Equal(StorageMode.Asynchronous, (await scene.ReadPersistedState(Ct)).Mode);
    }

    [Fact]
    public async Task Synchronous_is_in_force_when_the_standby_has_all_and_not_before()
    {
        await using var scene = await Scene.Start(postgres, mode: "asynchronous");
        scene.Host.IsStubborn = true;
        await scene.Pair.Second.Kill(Ct);
        await scene.Until(view => view.Standby is null, "no standby");

        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "synchronous")).Code);
        var waits = await scene.Until(view => view.Change is not null, "on its way");
        Assert.Equal("synchronous", waits.Change!.Wanted);
        Assert.Contains("postgres-2", waits.Change.Step, StringComparison.Ordinal);
        Assert.Equal("asynchronous", waits.Mode);
        Assert.DoesNotContain("RPO 0", waits.Guarantee, StringComparison.Ordinal);
        // As the mode in force promises, the primary goes on without the standby.
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct, limitSeconds: 3);

        // A conductor that starts again in the middle goes on.
        await scene.RestartRegistry(() => Task.CompletedTask);
        await scene.Until(view => view is { Mode: "asynchronous", Change.Wanted: "synchronous" }, "still on its way");
        scene.Host.IsStubborn = false;
        var there = await Reached(scene, "synchronous");
        Assert.Equal("RPO 0: in sync", (await scene.Until(view => view.Armed, "armed")).Guarantee);
        Assert.Null(there.Change);

        await scene.Pair.First.Kill(Ct);
        await scene.Until(
            view => view is { Primary: "postgres-2", Armed: true },
            "another is primary, and armed again"
        );
        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Ct));
    }

    [Fact]
    public async Task A_change_that_waits_is_taken_back_by_the_mode_in_force()
    {
        await using var scene = await Scene.Start(postgres, mode: "asynchronous");
        scene.Host.IsStubborn = true;
        await scene.Pair.Second.Kill(Ct);
        await scene.Until(view => view.Standby is null, "no standby");
        await Want(scene.Registry.Writer, "synchronous");
        await scene.Until(view => view.Change is not null, "on its way");

        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "asynchronous")).Code);
        Assert.Equal("asynchronous", (await scene.Until(view => view.Change is null, "taken back")).Mode);
    }

    [Fact]
    public async Task Basic_mode_gives_the_second_server_up_and_a_pair_is_made_of_it_again()
    {
        await using var scene = await Scene.Start(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);

        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "basic")).Code);
        var alone = await Reached(scene, "basic");
        Assert.Equal("RPO: everything, for no backup was made", alone.Guarantee);
        Assert.False(scene.Pair.Second.IsRunning);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (2)", Ct, limitSeconds: 3);
        var registered = await scene.Registry.Reader.GetStringAsync("/services/shop-db", Ct);
        Assert.DoesNotContain("postgres-2", registered, StringComparison.Ordinal);

        // The standby is to be there first; a conductor that starts again in the middle goes on.
        scene.Host.IsStubborn = true;
        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "synchronous")).Code);
        var waits = await scene.Until(view => view.Change is not null, "on its way");
        Assert.Equal(("basic", "synchronous"), (waits.Mode, waits.Change!.Wanted));
        Assert.DoesNotContain("RPO 0", waits.Guarantee, StringComparison.Ordinal);
        await scene.RestartRegistry(() => Task.CompletedTask);
        scene.Host.IsStubborn = false;
        await Reached(scene, "synchronous");
        await scene.Until(view => view is { Armed: true, Standby: "postgres-2" }, "armed");

        await scene.Pair.First.Kill(Ct);
        await scene.Until(
            view => view is { Primary: "postgres-2", Armed: true },
            "another is primary, and armed again"
        );
        Assert.Equal([1, 2], await Scene.Notes(scene.Pair.Second, Ct));
    }

    [Fact]
    public async Task Before_basic_mode_the_second_server_hands_over_to_the_first_where_that_loses_nothing()
    {
        await using var scene = await Scene.Start(postgres);
        await scene.Pair.First.Kill(Ct);
        await scene.Until(view => view is { Primary: "postgres-2", Armed: true }, "the second leads, in sync");
        await Scene.Execute(scene.Pair.Second, "INSERT INTO notes VALUES (1)", Ct);

        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "basic")).Code);
        var alone = await Reached(scene, "basic");
        Assert.Equal(("postgres-1", 3L), (alone.Primary, alone.Term));
        Assert.Equal([1], await Scene.Notes(scene.Pair.First, Ct));
    }

    [Fact]
    public async Task An_asynchronous_standby_is_not_made_the_primary_by_a_change_of_the_mode()
    {
        await using var scene = await Scene.Start(postgres, mode: "asynchronous");
        await scene.Pair.First.Kill(Ct);
        await scene.Until(view => view is { Primary: "postgres-2", Armed: true }, "the second leads");

        var refused = await Want(scene.Registry.Writer, "basic");
        Assert.Equal(HttpStatusCode.Conflict, refused.Code);
        Assert.Contains("POST /conductor/switchover", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_host_or_a_second_server_the_reason_is_said()
    {
        await using var scene = await Scene.Start(postgres, hasHost: false);
        await scene.Until(view => !view.CanFence, "no host");
        var unhelped = await Want(scene.Registry.Writer, "basic");
        Assert.Equal(HttpStatusCode.Conflict, unhelped.Code);
        Assert.Contains("The host, which would stop postgres-2", unhelped.Text, StringComparison.Ordinal);
        // What needs no host is changed without one.
        Assert.Equal(HttpStatusCode.Accepted, (await Want(scene.Registry.Writer, "asynchronous")).Code);
        await Reached(scene, "asynchronous");

        await using var single = new RegistryServer(
            null,
            ("ConnectionStrings:postgres-1", scene.Pair.First.ConnectionString()),
            ("Workshop:Storage", "basic")
        );
        await Eventually.Holds(async () => (await Want(single.Writer, "basic")).Code is HttpStatusCode.Accepted, Ct);
        var lone = await Want(single.Writer, "synchronous");
        Assert.Equal(HttpStatusCode.Conflict, lone.Code);
        Assert.Contains("No second server is wired", lone.Text, StringComparison.Ordinal);
    }

    private static Task<ConductorView> Reached(Scene scene, string mode) =>
        scene.Until(
            view => view.Change is null && string.Equals(view.Mode, mode, StringComparison.Ordinal),
            $"{mode} is in force"
        );

    private static async Task<(HttpStatusCode Code, string Text)> Want(HttpClient http, string mode)
    {
        using var response = await http.PutAsJsonAsync("/conductor/mode", new { mode }, Ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
