using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Workshop.Tests.Fixtures;
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
    public async Task It_tries_until_it_is_admitted_and_declares_its_own_evaluation()
    {
        // Refused, then no place, then admitted.
        int[] answers = [503, 409, 201];
        var address = await StartConsensus(attempt => answers[Math.Min(attempt, answers.Length) - 1], isKnown: false);
        await using var member = new PredictorServer(
            "bayes",
            folder,
            ("services:consensus:http:0", address),
            ("Workshop:JoinToken", "secret"),
            ("Workshop:Address", "http://localhost:1"),
            ("OTEL_SERVICE_NAME", "predictor-bayes")
        );
        await joined.Task.WaitAsync(Patience);

        Assert.Equal(3, asked.Count);
        var (token, body) = asked.Last();
        Assert.Equal("Bearer secret", token);
        Assert.Equal("predictor-bayes", body.GetProperty("name").GetString());
        Assert.Equal("http://localhost:1", body.GetProperty("url").GetString());
        var evaluation = await member.Client.GetStringAsync(new Uri("/evaluation", UriKind.Relative));
        using var document = JsonDocument.Parse(evaluation);
        var networks = document.RootElement.GetProperty("networks");
        var declared = body.GetProperty("declaredAccuracy");
        foreach (
            var (network, measure) in new[]
            {
                ("iris", "accuracy"),
                ("titanic", "accuracy"),
                ("housing", "within20Percent"),
            }
        )
        {
            Assert.Equal(
                networks.GetProperty(network).GetProperty(measure).GetProperty("value").GetDouble(),
                declared.GetProperty(network).GetDouble()
            );
        }
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
                    joined.SetResult();
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

                return isKnown ? Results.Ok(new { name }) : Results.NotFound();
            }
        );
        await consensus.StartAsync();
        return address;
    }
}
