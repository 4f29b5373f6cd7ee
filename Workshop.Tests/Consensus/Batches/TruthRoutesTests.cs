using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Ledger.Networks;
using Xunit;

namespace Workshop.Tests.Consensus.Batches;

/// <summary>Gold by committed seeds, and truths that come later, over HTTP.</summary>
public sealed class TruthRoutesTests
{
    [Fact]
    public async Task Every_batch_reveals_the_seed_that_was_committed_to_and_anybody_can_draw_its_gold_again()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();
        var commitment = await FirstCommitment(fixture, "iris");
        for (var number = 0; number < 3; number++)
        {
            using var created = await client.PostAsJsonAsync("/iris/batches", new { size = 20 });
            var batch = await created.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            var seed = Convert.FromHexString(batch.GetProperty("seed").GetString()!);
            var gold = batch
                .GetProperty("rows")
                .EnumerateArray()
                .Where(row => row.GetProperty("gold").GetBoolean())
                .Select(LineOf);
            var drawn = Schema
                .Find("iris")!
                .HeldOut.Select(row => row.Line)
                .Distinct(StringComparer.Ordinal)
                .OrderBy(
                    line => Convert.ToHexString(HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(line))),
                    StringComparer.Ordinal
                )
                .Take(2);

            Assert.Equal(commitment, Convert.ToHexStringLower(SHA256.HashData(seed)));
            Assert.Equal(drawn.Order(StringComparer.Ordinal), gold.Order(StringComparer.Ordinal));
            commitment = batch.GetProperty("commitment").GetString();
        }

        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task The_operator_tells_truths_once_and_the_batch_shows_them()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();
        using var joiner = fixture.Joiner();
        using var created = await client.PostAsJsonAsync("/iris/batches", new { size = 6 });
        var batch = await created.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var open = batch
            .GetProperty("rows")
            .EnumerateArray()
            .Select((row, index) => (Index: index, IsGold: row.GetProperty("gold").GetBoolean()))
            .First(row => !row.IsGold)
            .Index;
        var truths = new { rows = new[] { new { row = open, truth = "virginica" } } };
        var path = new Uri("/iris/batches/0/truths", UriKind.Relative);
        using var stranger = await joiner.PostAsJsonAsync(path, truths);
        using var told = await client.PostAsJsonAsync(path, truths);
        using var again = await client.PostAsJsonAsync(path, truths);
        using var wrong = await client.PostAsJsonAsync(path, new { rows = new[] { new { row = 0, truth = "tulip" } } });
        using var none = await client.PostAsJsonAsync(path, new { rows = new object?[] { null } });
        using var unknown = await client.PostAsJsonAsync("/iris/batches/7/truths", truths);
        var after = await fixture.Get("/iris/batches/0");

        Assert.Equal(
            [
                HttpStatusCode.Forbidden,
                HttpStatusCode.Created,
                HttpStatusCode.Conflict,
                HttpStatusCode.BadRequest,
                HttpStatusCode.BadRequest,
                HttpStatusCode.NotFound,
            ],
            [
                stranger.StatusCode,
                told.StatusCode,
                again.StatusCode,
                wrong.StatusCode,
                none.StatusCode,
                unknown.StatusCode,
            ]
        );
        Assert.Equal("virginica", after.GetProperty("rows")[open].GetProperty("truth").GetString());
        Assert.False(after.GetProperty("rows")[open].GetProperty("gold").GetBoolean());
        var consequence = after.GetProperty("truths")[0].GetProperty("members")[0];
        Assert.Equal(1, consequence.GetProperty("goldWrong").GetInt32());
        Assert.Equal(
            "truth",
            (await fixture.Get("/predictors/ann")).GetProperty("history")[0].GetProperty("what").GetString()
        );
        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Without_the_operator_token_sixty_batches_a_minute_are_run()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url);
        using var anybody = fixture.CreateClient();
        using var insider = fixture.Insider();
        var statuses = new List<HttpStatusCode>();
        for (var batch = 0; batch < 61; batch++)
        {
            using var response = await anybody.PostAsJsonAsync("/iris/batches", new { size = 1 });
            statuses.Add(response.StatusCode);
        }

        using var own = await insider.PostAsJsonAsync("/iris/batches", new { size = 1 });

        Assert.All(statuses[..60], status => Assert.Equal(HttpStatusCode.Created, status));
        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.Created], [statuses[60], own.StatusCode]);
    }

    [Fact]
    public async Task A_question_that_a_consensus_asked_is_not_asked_again()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        client.DefaultRequestHeaders.Add("Workshop-Hop", "consensus");
        using var response = await client.GetAsync(new Uri("/predict?" + ConsensusFixture.Setosa, UriKind.Relative));

        Assert.Equal(HttpStatusCode.LoopDetected, response.StatusCode);
    }

    private static string LineOf(JsonElement row) =>
        string.Join(',', row.GetProperty("row").EnumerateObject().Select(cell => cell.Value.GetString()));

    private static async Task<string?> FirstCommitment(ConsensusFixture fixture, string network) =>
        (await fixture.Get("/ledger?from=0"))
            .GetProperty("recent")
            .EnumerateArray()
            .Select(block => block.GetProperty("payload"))
            .Single(payload =>
                payload.GetProperty("kind").ValueEquals("seed") && payload.GetProperty("network").ValueEquals(network)
            )
            .GetProperty("commitment")
            .GetString();
}
