using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>
/// The whole workshop as a person runs it: starts, faults by HTTP, and ends. One of its own: in the shared one other
/// tests move the databases' roles and let attackers in.
/// </summary>
[Collection(nameof(WholeRunTests))]
[CollectionDefinition(nameof(WholeRunTests), DisableParallelization = true)]
public sealed class WholeRunTests(WorkshopFixture fixture) : IClassFixture<WorkshopFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task Everything_that_starts_by_itself_is_healthy_and_the_malicious_wait()
    {
        var resources = (await Workshop.Resources(Ct)).EnumerateArray().ToArray();

        Assert.Equal(21, resources.Length);
        Assert.All(resources, resource => Assert.Equal(Expected(Text(resource, "name")), Text(resource, "state")));

        static string Expected(string? name) =>
            name switch
            {
                "liar" or "sleeper" or "random" or "copycat" or "partial" or "betrayer" or "laboratory" => "NotStarted",
                "shop-migrations" => "Exited",
                _ => "Running",
            };
    }

    [Fact]
    public async Task A_killed_service_is_dead_when_the_command_answers_and_starts_again()
    {
        await Workshop.Command("shop-api-2", "kill", Ct);
        await Assert.ThrowsAsync<HttpRequestException>(() => Get(Workshop.ShopApi2));
        await Workshop.Command("shop-api-2", "kill", Ct);
        await Workshop.Command("shop-api-2", "start", Ct);

        Assert.Equal(HttpStatusCode.OK, await Get(new(Workshop.ShopApi2, "health")));
    }

    [Fact]
    public async Task A_secret_is_shown_nowhere()
    {
        using var http = new HttpClient();
        var details = await http.GetStringAsync(new Uri(Workshop.Control, "/resources/shop-api-1"), Ct);

        Assert.Contains("ConnectionStrings__shop", details, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Host", "elsewhere.example", HttpStatusCode.MisdirectedRequest)]
    public async Task A_page_from_elsewhere_may_not_give_commands(string header, string value, HttpStatusCode expected)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Workshop.Control, "/resources/liar/stop"));
        request.Headers.Add(header, value);
        using var answer = await http.SendAsync(request, Ct);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("nobody/kill", HttpStatusCode.NotFound)]
    [InlineData("registry/explode", HttpStatusCode.NotFound)]
    [InlineData("registry/fence", HttpStatusCode.NotFound)]
    [InlineData("liar/pause", HttpStatusCode.Conflict)]
    [InlineData("postgres-1/rejoin", HttpStatusCode.Conflict)]
    [InlineData("postgres-2/switchover", HttpStatusCode.Conflict)]
    public async Task A_command_that_makes_no_sense_is_refused(string path, HttpStatusCode expected)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(Workshop.Control, $"/resources/{path}"), null, Ct);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_who_needs_it()
    {
        var port = FreePorts.Next() % 10_000 + 4_000;
        using var squatter = new TcpListener(IPAddress.Loopback, port);
        squatter.Start();
        await using var second = WorkshopProcess.Launch(["--ephemeral"], port - 3001);

        Assert.Equal(1, await second.WaitForExit(Ct));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Port {port}, which shop-api-1 needs, is taken"),
            second.Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--storage", "floppy")]
    [InlineData("--port-offset", "many")]
    [InlineData("--storag", "basic")]
    public async Task A_choice_that_is_not_known_is_an_error(string name, string value)
    {
        using var host = Process.Start(
            new ProcessStartInfo("dotnet", [WorkshopProcess.BuiltHost, name, value])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        var error = await host.StandardError.ReadToEndAsync(Ct);
        await host.WaitForExitAsync(Ct);

        Assert.Equal(2, host.ExitCode);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Get(Uri address)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(address, Ct);
        return answer.StatusCode;
    }

    private static string? Text(JsonElement resource, string member) => resource.GetProperty(member).GetString();
}
