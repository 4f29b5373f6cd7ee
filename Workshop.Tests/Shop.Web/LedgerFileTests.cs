using System.Net;
using System.Text;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>The ledger's file through the storefront: as it is, whatever its length, and in parts.</summary>
public sealed class LedgerFileTests : IAsyncLifetime
{
    /// <summary>More than what any buffer on the way holds.</summary>
    private const int Length = 40_000_000;

    private readonly byte[] ledger = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, Length / 10).Select(line => $"{line:D9}\n"))
    );

    private WebApplication consensus = null!;
    private StorefrontServer storefront = null!;
    private HttpClient browser = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var port = FreePorts.Next();
        consensus = WebApplication.CreateSlimBuilder().Build();
        consensus.Urls.Add($"http://localhost:{port}");
        var accounts = new
        {
            deposits = 0,
            balances = 0,
            treasury = 0,
            paidOut = 0,
        };
        var view = new
        {
            blocks = 4_000_000,
            head = "h",
            bytes = Length,
            accounts,
            recent = Array.Empty<object>(),
        };
        consensus.MapGet("/ledger", () => view);
        consensus.MapGet(
            "/ledger/download",
            () => Results.Stream(new MemoryStream(ledger), enableRangeProcessing: true)
        );
        await consensus.StartAsync(Ct);
        storefront = new(("services:consensus:http:0", $"http://localhost:{port}"));
        browser = storefront.Browser();
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await storefront.DisposeAsync();
        await consensus.DisposeAsync();
    }

    [Theory]
    [InlineData(null, 200, 0, Length)]
    [InlineData("bytes=0-9", 206, 0, 10)]
    [InlineData("bytes=39999990-", 206, 39_999_990, 10)]
    [InlineData("bytes=-20", 206, 39_999_980, 20)]
    [InlineData("bytes=39999995-99999999", 206, 39_999_995, 5)]
    [InlineData("bytes=40000000-", 416, 0, 0)]
    [InlineData("bytes=-0", 416, 0, 0)]
    [InlineData("bytes=0-1,5-6", 200, 0, Length)]
    public async Task A_part_or_the_whole_comes_as_it_stands_in_the_file(
        string? range,
        int status,
        int first,
        int count
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/predictions/ledger/file");
        request.Headers.TryAddWithoutValidation("Range", range);
        using var answer = await browser.SendAsync(request, Ct);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        if (status < 400)
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync(Ct);
            Assert.Equal(count, bytes.Length);
            Assert.True(ledger.AsSpan(first, count).SequenceEqual(bytes));
        }
    }

    [Fact]
    public async Task Its_size_is_said()
    {
        var page = await browser.GetStringAsync(new Uri("/predictions/ledger", UriKind.Relative), Ct);

        Assert.Contains("Download the ledger (40.0 MB)", page, StringComparison.Ordinal);
    }
}
