using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>A conductor that may decide nothing says so, and what a person can do. No database is needed for it.</summary>
public sealed class ConductorStopTests : IDisposable
{
    private readonly string folder = TestFolders.Create("stopped");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string StatePath => Path.Combine(folder, "conductor.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_mode_without_the_present_primary_is_said_so_and_a_person_may_take_the_other_server()
    {
        await File.WriteAllBytesAsync(
            StatePath,
            JsonSerializer.SerializeToUtf8Bytes(new PersistedState(2, "postgres-2")),
            Ct
        );
        await using var registry = Start();

        var view = await Show(registry);
        Assert.Equal((0, 2L, (string?)null, false), (view.Rule, view.Term, view.Primary, view.Armed));
        Assert.Contains(
            "The primary of term 2 is postgres-2, which storage mode basic does not have",
            view.RuleName,
            StringComparison.Ordinal
        );

        using var refused = await registry.Writer.PostAsync("/conductor/promote", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("postgres-2", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var taken = await registry.Writer.PostAsync("/conductor/promote?force=true", null, Ct);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        view = await Eventually.Gives(() => Show(registry), shown => shown.Rule != 0, Ct);

        Assert.Equal(3, view.Term);
        Assert.Equal(new PersistedState(3, "postgres-1", Mode: StorageMode.Basic, Change: 1), ReadPersistedState());
    }

    [Fact]
    public async Task A_persisted_state_that_cannot_be_read_stops_everything_whoever_insists()
    {
        await File.WriteAllTextAsync(StatePath, "{ half a decr", Ct);
        await using var registry = Start();

        Assert.StartsWith(
            "The persisted state (conductor.json) cannot be read",
            (await Show(registry)).RuleName,
            StringComparison.Ordinal
        );
        using var refused = await registry.Writer.PostAsync("/conductor/promote?force=true", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("{ half a decr", await File.ReadAllTextAsync(StatePath, Ct));
    }

    private RegistryServer Start() =>
        new(
            null,
            ("ConnectionStrings:postgres-1", "Host=localhost;Port=9;Username=nobody"),
            ("Workshop:DataDirectory", folder),
            ("Workshop:Storage", "basic")
        );

    private PersistedState ReadPersistedState() =>
        JsonSerializer.Deserialize<PersistedState>(File.ReadAllBytes(StatePath))!;

    private static async Task<ConductorView> Show(RegistryServer registry)
    {
        var view = await Eventually.Gives(() => Look(registry), shown => shown is not null, Ct);
        return view!;
    }

    private static async Task<ConductorView?> Look(RegistryServer registry)
    {
        using var response = await registry.Reader.GetAsync("/conductor", Ct);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<ConductorView>(Ct) : null;
    }
}
