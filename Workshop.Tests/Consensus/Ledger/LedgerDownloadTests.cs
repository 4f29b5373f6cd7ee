using System.Net;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>The ledger's file over HTTP (RFC 9110, 14).</summary>
public sealed class LedgerDownloadTests
{
    [Fact]
    public async Task A_part_of_the_ledger_comes_as_it_stands_in_the_file()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        var address = new Uri("/ledger/download", UriKind.Relative);
        var whole = await client.GetByteArrayAsync(address, ct);
        using var question = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(10, 29) } };
        using var part = await client.SendAsync(question, ct);
        using var later = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Headers = { Range = new(whole.Length, null) },
        };
        using var beyond = await client.SendAsync(later, ct);
        using var lines = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Range", "lines=1-2" } } };
        using var all = await client.SendAsync(lines, ct);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..30], await part.Content.ReadAsByteArrayAsync(ct));
        Assert.Equal(whole.Length, part.Content.Headers.ContentRange?.Length);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
    }
}
