using System.Net;
using Consensus.Ledger;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Witnesses;

public sealed class LedgerStreamTests
{
    [Fact]
    public async Task It_sends_the_files_own_lines_and_then_each_that_becomes_final()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var stream = await Open(client, "");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        var file = Path.Combine(fixture.Directory, LedgerFile.FileName);
        foreach (var line in await Lines(file))
        {
            Assert.Equal(line, await reader.ReadLineAsync());
        }

        var next = reader.ReadLineAsync();
        Assert.False(next.IsCompleted);
        await Append(fixture, new TreasuryEntry(1));

        Assert.Equal((await Lines(file))[^1], await next);
        Assert.Equal("application/jsonl", stream.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task It_is_resumed_by_the_height_of_the_block_that_comes_next()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        var count = (await fixture.Get("/ledger")).GetProperty("blocks").GetInt64();
        using var one = await Open(client, $"?from={count - 1}");
        using var two = await Open(client, $"?from={count}");
        await Append(fixture, new TreasuryEntry(1));
        using var first = new StreamReader(await one.Content.ReadAsStreamAsync());
        using var second = new StreamReader(await two.Content.ReadAsStreamAsync());
        await first.ReadLineAsync();

        Assert.Equal(await first.ReadLineAsync(), await second.ReadLineAsync());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1000")]
    [InlineData("x")]
    [InlineData("1.5")]
    public async Task A_place_that_is_none_is_400(string from)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var answer = await client.GetAsync(new Uri($"/ledger/stream?from={from}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("from", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_for_the_head_alone_does_not_wait_for_an_end_that_never_comes()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri("/ledger/stream", UriKind.Relative));
        using var answer = await client.SendAsync(head);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Listeners_are_so_many_and_a_place_is_free_again_when_one_goes()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        var listeners = new List<HttpResponseMessage>();
        for (var listener = 0; listener < LedgerStream.MostListeners; listener++)
        {
            listeners.Add(await Open(client, ""));
        }

        using var refused = await Open(client, "");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        listeners[0].Dispose();
        await Eventually.Holds(
            async () =>
            {
                using var again = await Open(client, "");
                return again.IsSuccessStatusCode;
            },
            TestContext.Current.CancellationToken
        );
        listeners.ForEach(listener => listener.Dispose());
    }

    private static async Task<string[]> Lines(string file)
    {
        // Another handle has the file open to write.
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Task<HttpResponseMessage> Open(HttpClient client, string query) =>
        client.GetAsync(new Uri($"/ledger/stream{query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

    private static async Task Append(ConsensusFixture fixture, Entry entry) =>
        Assert.IsType<Applied>(
            await fixture
                .Services.GetRequiredService<LedgerWriter>()
                .Append(_ => entry, TestContext.Current.CancellationToken)
        );
}
