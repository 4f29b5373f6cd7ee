using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Consensus.Batches;

/// <summary>A batch under a key is run once, however often it is asked for.</summary>
public sealed class BatchKeyTests : IDisposable
{
    private const string Key = "0123456789abcdef";

    private readonly string folder = TestFolders.Create("batch-keys");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_repeat_is_the_first_answer_again_also_after_a_restart_and_after_a_truth_was_told()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        string first;
        await using (var fixture = Service())
        {
            await fixture.Register("ann", ann.Url);
            using var client = fixture.Insider();
            using var run = await Run(client, Key, new { size = 8 });
            using var again = await Run(client, Key, new { size = 8 });
            using var told = await client.PostAsJsonAsync("/iris/batches/0/truths", OpenTruth(await Json(run)), Ct);

            Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], [run.StatusCode, again.StatusCode]);
            Assert.Equal(HttpStatusCode.Created, told.StatusCode);
            Assert.False(run.Headers.Contains("Idempotency-Replayed"));
            Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
            Assert.Equal(run.Headers.Location, again.Headers.Location);
            first = await run.Content.ReadAsStringAsync(Ct);
            Assert.Equal(first, await again.Content.ReadAsStringAsync(Ct));
        }

        await using var restarted = Service();
        using var later = restarted.Insider();
        using var after = await Run(later, Key, new { size = 8 });

        Assert.Equal(first, await after.Content.ReadAsStringAsync(Ct));
        Assert.Equal(1, (await restarted.Get("/iris/batches")).GetProperty("count").GetInt32());
        Assert.True((await restarted.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Many_at_once_under_one_key_are_one_batch()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = Service();
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Run(client, Key, new { size = 4 })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
        Assert.Equal(1, (await fixture.Get("/iris/batches")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_key_belongs_to_a_caller_and_a_network_and_stands_for_one_request()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = Service();
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();
        using var anybody = fixture.CreateClient();
        using var first = await Run(client, Key, new { size = 4 });
        using var other = await Run(client, Key, new { size = 5 });
        using var another = await Run(anybody, Key, new { size = 4 });
        using var guessable = await Run(anybody, "1", new { size = 4 });
        using var own = await Run(client, "1", new { size = 4 });
        using var elsewhere = await Run(client, Key, new { size = 4 }, "/titanic/batches");

        Assert.Equal(
            [
                HttpStatusCode.Created,
                HttpStatusCode.UnprocessableEntity,
                HttpStatusCode.Created,
                HttpStatusCode.BadRequest,
                HttpStatusCode.Created,
                HttpStatusCode.ServiceUnavailable,
            ],
            [
                first.StatusCode,
                other.StatusCode,
                another.StatusCode,
                guessable.StatusCode,
                own.StatusCode,
                elsewhere.StatusCode,
            ]
        );
        Assert.NotNull(elsewhere.Headers.RetryAfter);
        Assert.Equal(3, (await fixture.Get("/iris/batches")).GetProperty("count").GetInt32());
        Assert.DoesNotContain(
            Key,
            await File.ReadAllTextAsync(Path.Combine(folder, "ledger.jsonl"), Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_key_on_a_write_that_takes_none_is_refused()
    {
        await using var fixture = Service();
        using var client = fixture.Insider();
        client.DefaultRequestHeaders.Add("Idempotency-Key", Key);
        using var leave = await client.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative), Ct);
        using var truths = await client.PostAsJsonAsync(
            "/iris/batches/0/truths",
            new { rows = Array.Empty<int>() },
            Ct
        );
        using var read = await client.GetAsync(new Uri("/predictors", UriKind.Relative), Ct);

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.OK],
            [leave.StatusCode, truths.StatusCode, read.StatusCode]
        );
        Assert.Contains("Idempotency-Key", await leave.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private ConsensusFixture Service() => new ConsensusFixture().With("Workshop:DataDirectory", folder);

    private static object OpenTruth(JsonElement batch) =>
        new
        {
            rows = new[]
            {
                new
                {
                    row = batch
                        .GetProperty("rows")
                        .EnumerateArray()
                        .TakeWhile(row => row.GetProperty("gold").GetBoolean())
                        .Count(),
                    truth = "virginica",
                },
            },
        };

    private static Task<JsonElement> Json(HttpResponseMessage answer) =>
        answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

    private static async Task<HttpResponseMessage> Run(
        HttpClient client,
        string key,
        object body,
        string path = "/iris/batches"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, Ct);
    }
}
