using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Faults;

/// <summary>The commands of a database server as a person gives them, over HTTP, on a whole workshop.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class DatabaseCommandTests(WorkshopFixture fixture) : IAsyncDisposable
{
    private static readonly TimeSpan Lenient = TimeSpan.FromMinutes(5);

    private const int Turns = 4;

    private static readonly string[] Starts = ["start", "restart"];

    private readonly HttpClient host = new() { BaseAddress = fixture.Workshop.Control, Timeout = Lenient };
    private readonly WorkshopControl control = new(fixture.Workshop.Control, fixture.Workshop.Registry);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        // As it was found, for those who share the workshop.
        await control.UntilArmed(Lenient);
        host.Dispose();
        control.Dispose();
    }

    [Fact]
    public async Task A_standby_is_paused_resumed_and_made_a_fresh_copy()
    {
        await control.UntilArmed(Lenient);
        var standby = await Server("standby");

        Assert.Equal((HttpStatusCode.OK, "Paused"), await Command($"{standby}/pause"));
        Assert.Equal("Paused", await State(standby));
        Assert.Equal((HttpStatusCode.OK, "Running"), await Command($"{standby}/resume"));
        Assert.Equal((HttpStatusCode.OK, "Running"), await Command($"{standby}/rejoin"));
        await control.UntilArmed(Lenient);
        // Where all of it took less than 5 s it was armed throughout, and the conductor's next look is still to come.
        await Eventually(async () => Assert.Equal(standby, await Server("standby")));

        Assert.Equal(HttpStatusCode.NotFound, (await Command("postgres-9/pause")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await Command("registry/fence")).Code);
        // The primary has nobody to copy from.
        Assert.Equal(HttpStatusCode.Conflict, (await Command($"{await Server("primary")}/rejoin")).Code);
    }

    [Fact]
    public async Task A_primary_that_was_fenced_is_started_by_nobody_but_who_fenced_it()
    {
        await control.UntilArmed(Lenient);
        var primary = await Server("primary");
        await WithoutConductor(async () =>
        {
            Assert.Equal((HttpStatusCode.OK, "Exited"), await Command($"{primary}/fence"));
            foreach (var command in Starts)
            {
                using var answer = await host.PostAsync($"/resources/{primary}/{command}", null, Ct);
                Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
                Assert.Contains("was fenced", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
            }

            Assert.Equal((HttpStatusCode.OK, "Running"), await Command($"{primary}/unfence"));
        });

        await control.UntilArmed(Lenient);
        Assert.Equal(primary, await Server("primary"));
    }

    [Fact]
    public async Task A_fence_ends_also_what_is_being_started_so_its_answer_is_proof()
    {
        await control.UntilArmed(Lenient);
        var primary = await Server("primary");
        await WithoutConductor(async () =>
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                await Command($"{primary}/fence");
                var starting = Command($"{primary}/unfence");
                await Eventually(async () => Assert.False(await State(primary) is "Exited"));
                await Task.Delay(turn * 100, Ct);

                // The orchestrator's word for what never came to run may be any; that nothing runs is what counts.
                Assert.Equal(HttpStatusCode.OK, (await Command($"{primary}/fence")).Code);
                await starting;
                await Task.Delay(TimeSpan.FromSeconds(1), Ct);
                Assert.True(FreePorts.IsFree(fixture.Workshop.At(PortOf(primary)).Port), "It came up after its fence.");
            }

            Assert.Equal((HttpStatusCode.OK, "Running"), await Command($"{primary}/unfence"));
        });
    }

    [Fact]
    public async Task A_switch_over_moves_the_lead_and_brings_the_old_primary_back()
    {
        await control.UntilArmed(Lenient);
        var (primary, standby) = (await Server("primary"), await Server("standby"));

        Assert.Equal(HttpStatusCode.Conflict, (await Command($"{standby}/switchover")).Code);
        Assert.Equal(HttpStatusCode.OK, (await Command($"{primary}/switchover")).Code);

        await Eventually(async () => Assert.Equal(standby, await Server("primary")));
        await control.UntilArmed(Lenient);
        Assert.Equal(primary, await Server("standby"));
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/resources/nobody", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/resources", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/resources/postgres-1/dance", HttpStatusCode.NotFound)]
    public async Task Errors_have_the_members_that_all_errors_have(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await host.SendAsync(request, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.Equal(path, problem.GetProperty("instance").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
    }

    [Theory]
    [InlineData("/resources")]
    [InlineData("/resources/registry")]
    [InlineData("/backups")]
    public async Task Head_is_answered_as_get_without_a_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await host.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    /// <summary>Then nothing follows, which is the moment that counts: fenced, and the other not promoted yet.</summary>
    private async Task WithoutConductor(Func<Task> act)
    {
        await control.Command("registry", "stop");
        try
        {
            await act();
        }
        finally
        {
            await control.Command("registry", "start");
        }
    }

    private static int PortOf(string server) => server is "postgres-1" ? 5433 : 5434;

    private static async Task Eventually(Func<Task> assertion)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception e)
                when (e is Xunit.Sdk.XunitException or HttpRequestException
                    && TimeProvider.System.GetElapsedTime(deadline) < Lenient
                )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Ct);
            }
        }
    }

    private async Task<string> Server(string role) => (await control.Conductor())!.Value.GetProperty(role).GetString()!;

    private async Task<string> State(string name)
    {
        var details = await host.GetFromJsonAsync<JsonElement>($"/resources/{name}", Ct);
        return details.GetProperty("resource").GetProperty("state").GetString()!;
    }

    private async Task<(HttpStatusCode Code, string? State)> Command(string command)
    {
        using var answer = await host.PostAsync($"/resources/{command}", null, Ct);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (answer.StatusCode, body.TryGetProperty("state", out var state) ? state.GetString() : null);
    }
}
