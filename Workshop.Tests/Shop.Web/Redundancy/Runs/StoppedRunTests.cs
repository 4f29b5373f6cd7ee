using System.Text.Json;
using LaboratoryBench.Processes;
using Shop.Web.Api;
using Shop.Web.Redundancy.Buyers;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>A run that was stopped before anybody bought is no success, also where an earlier version kept it as one.</summary>
public sealed class StoppedRunTests : IAsyncDisposable
{
    /// <summary>As earlier versions kept it, with 0 for each time.</summary>
    private static readonly Measurement Empty = RunSample.Ended().Measurement! with
    {
        Acknowledged = 0,
        OrdersPerSecond = 0,
        MedianMilliseconds = 0,
        P99Milliseconds = 0,
        LongestGapMilliseconds = 0,
        Failover = null,
    };

    private readonly string data = TestFolders.Create("stopped-run");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Its_page_says_that_nobody_had_bought_and_shows_no_figures()
    {
        Keep();
        await using var storefront = new StorefrontServer(("Workshop:DataDirectory", data));

        var page = await Page(storefront, "/redundancy/runs/1");

        Assert.Contains("verdict open", page, StringComparison.Ordinal);
        Assert.Contains("Nobody had bought yet, so there was nothing to look for.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("verdict kept", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-testid=\"figures\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">0 ms<", await Page(storefront, "/redundancy/runs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_comparison_of_the_modes_leaves_it_out()
    {
        string[] lines = [Line(Empty), Line(Empty with { Acknowledged = 43, MedianMilliseconds = 21 })];
        await File.WriteAllLinesAsync(Path.Combine(data, "measurements.jsonl"), lines, Ct);
        await using var storefront = new StorefrontServer(("Workshop:DataDirectory", data));

        var page = await Page(storefront, "/redundancy");

        Assert.Contains("data-label=\"synchronous\">43<", page, StringComparison.Ordinal);
        Assert.Contains("data-label=\"synchronous\">1<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-label=\"synchronous\">2<", page, StringComparison.Ordinal);
    }

    private static string Line(Measurement run) => JsonSerializer.Serialize(run, ServiceCaller.Json);

    private void Keep() =>
        RunSample
            .Folder(data)
            .Add(number =>
                RunSample.Record(number) with
                {
                    Orders = [],
                    Verdict = Verdict.Of([], [], sold: 0, (100, 100)),
                    Figures = Empty,
                }
            );

    private static async Task<string> Page(StorefrontServer storefront, string path)
    {
        using var browser = storefront.Browser();
        return await browser.GetStringAsync(new Uri(path, UriKind.Relative), Ct);
    }
}
