using System.Text.Json;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Consensus.Batches;

/// <summary>Which single questions become part of a batch, and so of the ledger.</summary>
public sealed class GatheredBatchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cross-site", 0)]
    [InlineData("same-site", 0)]
    [InlineData("same-origin", 1)]
    [InlineData(null, 1)]
    public async Task A_question_from_a_page_of_another_site_is_answered_and_written_nowhere(string? site, int batches)
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture().With("Consensus:GatherRows", "1");
        await fixture.Register("ann", ann.Url);
        using var client = fixture.CreateClient();
        if (site is not null)
        {
            client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        }

        Assert.Contains("setosa", await client.GetStringAsync(Question, Ct), StringComparison.Ordinal);
        // Whatever was gathered is written before this batch.
        using var insider = fixture.Insider();
        using var run = await insider.PostAsync(new Uri("/iris/batches", UriKind.Relative), Size(1), Ct);
        run.EnsureSuccessStatusCode();

        Assert.Equal(batches + 1, await Batches(fixture));
    }

    [Fact]
    public async Task Beyond_the_rate_of_batches_questions_are_answered_and_written_nowhere()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture()
            .With("Consensus:GatherRows", "1")
            .With("Consensus:GatheredBatchesPerSecond", "2");
        await fixture.Register("ann", ann.Url);
        using var client = fixture.CreateClient();
        var began = TimeProvider.System.GetTimestamp();
        for (var question = 0; question < 40; question++)
        {
            Assert.Contains("setosa", await client.GetStringAsync(Question, Ct), StringComparison.Ordinal);
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Assert.InRange(await Batches(fixture), 1, 2 * (1 + (long)Math.Ceiling(seconds)));
    }

    [Fact]
    public async Task Whoever_asks_for_a_verification_while_one_runs_gets_its_answer()
    {
        await using var fixture = new ConsensusFixture();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.Get("/ledger/verify")));

        Assert.All(answers, answer => Assert.True(answer.GetProperty("valid").GetBoolean()));
    }

    private static Uri Question { get; } = new("/predict?" + ConsensusFixture.Setosa, UriKind.Relative);

    private static StringContent Size(int size) =>
        new(JsonSerializer.Serialize(new { size }), System.Text.Encoding.UTF8, "application/json");

    private static async Task<long> Batches(ConsensusFixture fixture) =>
        (await fixture.Get("/iris/batches")).GetProperty("count").GetInt64();
}
