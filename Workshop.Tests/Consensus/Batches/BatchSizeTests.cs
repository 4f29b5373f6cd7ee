using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Inference;
using Xunit;

namespace Workshop.Tests.Consensus.Batches;

/// <summary>The largest batch, and one that leaves no room for rows whose truth is known.</summary>
public sealed class BatchSizeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_rows_are_asked_in_requests_that_the_protocol_allows()
    {
        var largest = 0;
        await using var ann = await StubMember.Start(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                context.Request.EnableBuffering();
                largest = Math.Max(largest, await StubMember.RowsOf(context.Request));
                context.Request.Body.Position = 0;
            }

            await StubMember.Well(context);
        });
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url, "v2");
        using var client = fixture.Insider();

        using var run = await client.PostAsJsonAsync("/iris/batches", new { size = 1000 }, Ct);

        var batch = await run.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal(HttpStatusCode.Created, run.StatusCode);
        Assert.All(batch.GetProperty("rows").EnumerateArray(), row => Assert.Equal("setosa", AnswerOf(row)));
        Assert.Equal(1000, largest);
    }

    [Fact]
    public async Task Rows_that_fill_the_batch_leave_room_for_gold()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url);
        using var client = fixture.Insider();
        var row = new
        {
            sepalLength = 5.1,
            sepalWidth = 3.5,
            petalLength = 1.4,
            petalWidth = 0.2,
        };

        using var run = await client.PostAsJsonAsync("/iris/batches", new { rows = new[] { row, row }, size = 2 }, Ct);

        var batch = await run.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Contains(batch.GetProperty("rows").EnumerateArray(), asked => asked.GetProperty("gold").GetBoolean());
    }

    [Theory]
    [InlineData(1, 2000)]
    [InlineData(500, 1)]
    [InlineData(30, 3)]
    public async Task Of_very_many_errors_the_first_ones_are_told(int rows, int unknownColumns)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Insider();
        var row = Enumerable
            .Range(0, unknownColumns)
            .ToDictionary(column => $"c{column}", column => column, StringComparer.Ordinal);

        using var run = await client.PostAsJsonAsync("/iris/batches", new { rows = Enumerable.Repeat(row, rows) }, Ct);

        var errors = (await run.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("errors").EnumerateObject();
        Assert.Equal(HttpStatusCode.BadRequest, run.StatusCode);
        Assert.Equal(InferRequest.MaximumErrors, errors.Count());
    }

    [Fact]
    public async Task A_batch_that_is_none_is_not_a_network_that_is_none()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();

        using var batch = await client.GetAsync(new Uri("/iris/batches/abc", UriKind.Relative), Ct);
        using var network = await client.GetAsync(new Uri("/roses/batches/abc", UriKind.Relative), Ct);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [batch.StatusCode, network.StatusCode]);
        Assert.Contains("no batch 'abc'", await batch.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("no network 'roses'", await network.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static string? AnswerOf(JsonElement row) => row.GetProperty("answers").GetProperty("ann").GetString();
}
