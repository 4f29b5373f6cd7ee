using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Workshop.Tests.Consensus;
using Xunit;

namespace Workshop.Tests.Predictors.Membership;

/// <summary>
/// A predictor registers itself with a consensus, here the network's far side: a stub that notes what it gets.
/// </summary>
public sealed class MembershipTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder = TestFolders.Create("membership");

    private readonly ConcurrentQueue<(string? Token, JsonElement Body)> asked = new();

    private readonly ConcurrentQueue<(string? Token, JsonElement Body)> moved = new();

    private string? registered;

    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebApplication? consensus;

    public async ValueTask DisposeAsync()
    {
        if (consensus is not null)
        {
            await consensus.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_tries_until_it_is_admitted_and_only_then_is_healthy()
    {
        // Refused until the test lets it in.
        var letIn = false;
        var address = await StartConsensus(_ => Volatile.Read(ref letIn) ? 201 : 503, isKnown: false);
        await using var member = new PredictorServer(
            "bayes",
            folder,
            ("services:consensus:http:0", address),
            ("Workshop:JoinToken", "everybody's"),
            ("Workshop:OperatorToken", "secret"),
            ("Workshop:Address", "http://localhost:1"),
            ("OTEL_SERVICE_NAME", "predictor-bayes")
        );
        await Until(() => asked.Count >= 2);
        Volatile.Write(ref letIn, true);
        await joined.Task.WaitAsync(Patience);
        await member.Ready();

        var (token, body) = asked.Last();
        Assert.Equal("Bearer secret", token);
        Assert.Equal("predictor-bayes", body.GetProperty("name").GetString());
        Assert.Equal("http://localhost:1", body.GetProperty("url").GetString());
        Assert.Equal("v2", body.GetProperty("protocol").GetString());
        // Its evaluation is its claim, and the consensus reads that itself.
        Assert.False(body.TryGetProperty("declaredAccuracy", out _));
    }

    [Fact]
    public async Task It_answers_but_is_not_healthy_while_the_consensus_does_not_know_it()
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var address = await StartConsensus(
            _ =>
            {
                refused.TrySetResult();
                return 503;
            },
            isKnown: false
        );
        await using var member = new PredictorServer(
            "bayes",
            folder,
            ("services:consensus:http:0", address),
            ("Workshop:JoinToken", "secret"),
            ("Workshop:Address", "http://localhost:1")
        );
        await refused.Task.WaitAsync(Patience);
        using var health = await member.Client.GetAsync(new Uri("/health", UriKind.Relative));
        using var answer = await member.Client.GetAsync(
            new Uri($"/predict?{ConsensusFixture.Setosa}", UriKind.Relative)
        );

        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], [health.StatusCode, answer.StatusCode]);
        // Not for ever: a consensus that stays away keeps nobody from serving.
        await member.Ready();
    }

    [Fact]
    public async Task Whoever_does_not_want_to_wait_for_the_evaluation_is_told_to_come_back()
    {
        // Models of its own, so that it has something to compute.
        await using var member = new PredictorServer("bayes", folder, ("Predictor:ModelDirectory", folder));
        await member.Ready();
        using var impatient = new HttpRequestMessage(HttpMethod.Get, new Uri("/evaluation", UriKind.Relative));
        impatient.Headers.Add("Prefer", "respond-async, wait=0");
        using var none = await member.Client.SendAsync(impatient);
        using var some = await member.Client.GetAsync(new Uri("/evaluation", UriKind.Relative));

        using var problem = JsonDocument.Parse(await none.Content.ReadAsStringAsync());
        Assert.Equal("Service Unavailable", problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, none.StatusCode);
        Assert.NotNull(none.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, some.StatusCode);
    }

    [Fact]
    public async Task A_name_that_the_consensus_knows_counts_as_registered()
    {
        var address = await StartConsensus(_ => 409, isKnown: true);
        await using var member = new PredictorServer(
            "bayes",
            folder,
            ("services:consensus:http:0", address),
            ("Workshop:JoinToken", "secret"),
            ("Workshop:Address", "http://localhost:1")
        );
        await joined.Task.WaitAsync(Patience);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.Single(asked);
    }

    [Fact]
    public async Task A_member_that_answers_elsewhere_than_before_moves_by_the_token_that_it_kept()
    {
        var address = await StartConsensus(attempt => attempt == 1 ? 201 : 409, isKnown: true);
        foreach (var port in new[] { 1, 2 })
        {
            await using var member = new PredictorServer(
                "bayes",
                folder,
                ("services:consensus:http:0", address),
                ("Workshop:JoinToken", "secret"),
                ("Workshop:Address", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"))
            );
            await member.Ready();
        }

        var (token, body) = Assert.Single(moved);
        Assert.Equal("Bearer its own", token);
        Assert.Equal("http://localhost:2", body.GetProperty("url").GetString());
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    /// <summary>Starts a consensus that answers attempt n (from 1) with the status that is decided for it.</summary>
    private async Task<string> StartConsensus(Func<int, int> decide, bool isKnown)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
        builder.Logging.ClearProviders();
        consensus = builder.Build();
        consensus.MapPost(
            "/predictors",
            (HttpContext http, JsonElement body) =>
            {
                asked.Enqueue((http.Request.Headers.Authorization, body));
                var status = decide(asked.Count);
                if (status == StatusCodes.Status201Created)
                {
                    joined.TrySetResult();
                    registered = body.GetProperty("url").GetString();
                    return Results.Json(new { memberToken = "its own" }, statusCode: status);
                }

                return Results.StatusCode(status);
            }
        );
        consensus.MapGet(
            "/predictors/{name}",
            (string name) =>
            {
                if (isKnown)
                {
                    joined.TrySetResult();
                }

                return isKnown ? Results.Ok(new { name, url = registered }) : Results.NotFound();
            }
        );
        consensus.MapPatch(
            "/predictors/{name}",
            (string name, HttpContext http, JsonElement body) =>
            {
                moved.Enqueue((http.Request.Headers.Authorization, body));
                return Results.Ok(new { name });
            }
        );
        await consensus.StartAsync();
        return address;
    }
}
