using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>Faults of the network between the conductor and a real pair, by a proxy in the wire.</summary>
public sealed class WireTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conductor_that_is_cut_from_the_primary_fences_it_and_fails_over()
    {
        await using var scene = await Scene.Start(postgres);
        await Put(scene, "postgres-1", new { });
        // Idle, it changes nothing.
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        Assert.Equal("postgres-1", (await scene.View(Ct)).Primary);

        await Put(scene, "postgres-1", new { cut = true });

        var view = await scene.Until(view => view.Primary is "postgres-2", "failover");
        Assert.Equal(2, view.Term);
        // It cannot tell a cut from a death, so it made sure: the old primary is seen dead before the other one leads.
        Assert.Contains("fence postgres-1", scene.Host.Commands, StringComparer.Ordinal);
        using var ended = await scene.Registry.Writer.DeleteAsync("/conductor/wires/postgres-1", Ct);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "in sync again");
    }

    [Fact]
    public async Task A_standby_that_is_cut_from_its_primary_is_not_in_sync_until_the_wire_is_mended()
    {
        await using var scene = await Scene.Start(postgres);
        await Put(scene, "replication", new { });
        await scene.Until(view => view.Armed, "in sync through the proxy");

        await Put(scene, "replication", new { cut = true });
        var writing = Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Ct);
        await scene.Until(view => !view.Armed, "not in sync");
        // Policy "available": the write goes on alone.
        await writing;
        Assert.Equal("postgres-1", (await scene.View(Ct)).Primary);

        await Put(scene, "replication", new { });
        await scene.Until(view => view.Armed, "in sync again");
        using var ended = await scene.Registry.Writer.DeleteAsync("/conductor/wires/replication", Ct);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Empty(
            (await scene.Registry.Reader.GetFromJsonAsync<JsonElement>("/conductor/wires", Ct)).EnumerateArray()
        );
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (2)", Ct);
        await scene.Until(view => view.Armed, "in sync without a proxy");
        await Eventually.Holds(async () => (await Scene.Notes(scene.Pair.Second, Ct)).Count == 2, Ct);
    }

    [Theory]
    [InlineData("postgres-7", "{}", HttpStatusCode.NotFound)]
    [InlineData("replication", """{ "milliseconds": -1 }""", HttpStatusCode.BadRequest)]
    [InlineData("replication", """{ "milliseconds": 10001 }""", HttpStatusCode.BadRequest)]
    [InlineData("replication", """{ "cut": "yes" }""", HttpStatusCode.BadRequest)]
    [InlineData("replication", "{}", HttpStatusCode.Conflict)]
    public async Task What_cannot_be_is_refused(string wire, string body, HttpStatusCode expected)
    {
        await using var scene = await Scene.Start(postgres, mode: "basic");

        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await scene.Registry.Writer.PutAsync($"/conductor/wires/{wire}", content, Ct);
        using var unknown = await scene.Registry.Reader.PutAsync($"/conductor/wires/{wire}", content, Ct);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    private static async Task Put(Scene scene, string wire, object request)
    {
        using var answer = await scene.Registry.Writer.PutAsJsonAsync($"/conductor/wires/{wire}", request, Ct);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
