using System.Net;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Modes;
using Shop.Web.Redundancy.Runs;
using Workshop.Tests.Shop.Web.Redundancy.Runs;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Modes;

/// <summary>The same experiment in three storage modes: what is kept of it, and its page.</summary>
public sealed class ComparisonTests : IAsyncDisposable
{
    private static readonly BuyerPlan Plan = new(10, 15, FaultPlan.Of("kill-primary", seconds: 15));

    private readonly string data = TestFolders.Create("comparisons");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void What_is_broken_for_good_is_put_right_before_the_next_mode_begins()
    {
        FaultPlan faults = new([
            new("kill-primary", AfterSeconds: 3),
            new("pause-server", AfterSeconds: 4, BackAfterSeconds: 1),
            new("switchover", AfterSeconds: 9),
        ]);

        var comparison = ModeComparison.Of(1, RunSample.Start, new(10, 15, faults));

        Assert.Equal(
            [ModeComparison.BrokenSeconds, 1, null],
            comparison.Faults.Lines.Select(line => line.BackAfterSeconds)
        );
        Assert.Equal(
            ["basic", "asynchronous", "synchronous"],
            comparison.Modes.Select(mode => mode.Mode),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void It_is_the_turn_of_the_first_mode_without_a_run_or_a_reason()
    {
        var comparison = ModeComparison.Of(1, RunSample.Start, Plan);

        Assert.Equal(1, comparison.Turn);
        comparison = comparison.With(new("basic", Run: 1));
        Assert.Equal(2, comparison.Turn);
        comparison = comparison.With(new("asynchronous", Remark: "refused"));
        Assert.Equal(3, comparison.Turn);
        Assert.Null(comparison.With(new("synchronous", Run: 2)).Turn);
    }

    [Fact]
    public void A_comparison_that_the_storefront_did_not_survive_is_over_and_says_so()
    {
        File(data).Add(number => ModeComparison.Of(number, RunSample.Start, Plan));

        var again = File(data);
        var next = again.Add(number => ModeComparison.Of(number, RunSample.Start, Plan));

        Assert.True(again.Find(1)!.IsDone);
        Assert.Contains("The storefront was stopped meanwhile.", again.Find(1)!.Remark, StringComparison.Ordinal);
        Assert.Equal(2, next.Number);
        Assert.False(again.Find(2)!.IsDone);
        for (var n = 0; n < 20; n++)
        {
            again.Add(number => ModeComparison.Of(number, RunSample.Start, Plan));
        }

        Assert.Equal(12, again.List().Count);
        Assert.Equal(22, again.List()[0].Number);
    }

    [Fact]
    public void Pictures_that_are_compared_share_their_axes()
    {
        var (calm, busy) = (RunSample.Record(fast: 3) with { Orders = [], Seconds = 5 }, RunSample.Record());
        var axes = RunAxes.Of(calm, busy);

        Assert.Equal(busy.EndMilliseconds, axes.EndMilliseconds);
        Assert.Equal(RunAxes.Of(busy), axes);
        Assert.Equal(new RunChart(busy).X(5000), new RunChart(calm, axes: axes).X(5000));
        Assert.NotEqual(new RunChart(calm).X(5000), new RunChart(calm, axes: axes).X(5000), StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_a_picture_for_each_mode_and_is_accessible_on_a_phone()
    {
        Keep();
        await using var storefront = new StorefrontServer(("Workshop:DataDirectory", data));
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy/comparisons/1");

        await Microsoft.Playwright.Assertions.Expect(page.GetByTestId("run-picture")).ToHaveCountAsync(3);
        await Microsoft.Playwright.Assertions.Expect(page.GetByTestId("runs").Locator("tbody tr")).ToHaveCountAsync(3);
        Assert.Empty(await PageJudge.Faults(page, "comparison"));

        await page.GotoAsync("/redundancy/runs");
        await page.GetByTestId("comparisons").GetByRole(Microsoft.Playwright.AriaRole.Link).ClickAsync();
        Assert.EndsWith("/redundancy/comparisons/1", page.Url, StringComparison.Ordinal);
        Assert.Empty(chromium.Errors);
    }

    [Fact]
    public async Task A_run_that_is_kept_no_more_is_said_and_one_that_never_was_is_not_found()
    {
        Keep();
        System.IO.File.Delete(Path.Combine(data, "runs", "2.json"));
        await using var storefront = new StorefrontServer(("Workshop:DataDirectory", data));
        using var browser = storefront.Browser();

        var page = await browser.GetStringAsync(new Uri("/redundancy/comparisons/1", UriKind.Relative), Ct);

        Assert.Single(Regex.Matches(page, "Its run is not kept any more.", RegexOptions.None, TimeSpan.FromSeconds(1)));
        foreach (var path in new[] { "/redundancy/comparisons/7", "/redundancy/comparisons/7.json" })
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_host_nothing_could_be_put_right_so_no_comparison_is_started()
    {
        await using var storefront = new StorefrontServer();
        using var browser = storefront.Browser();
        var page = await browser.GetStringAsync(new Uri("/redundancy", UriKind.Relative), Ct);
        var form = StorefrontServer.Form(page, "/redundancy/buyers");

        var (_, after, _) = await StorefrontServer.Post(browser, "/redundancy/comparisons", form, Ct);

        Assert.DoesNotContain("Compare the three modes", page, StringComparison.Ordinal);
        Assert.Contains("this storefront has none", after, StringComparison.Ordinal);
    }

    private void Keep()
    {
        RunFolder runs = new(Configuration(data), NullLogger<RunFolder>.Instance);
        var comparison = File(data).Add(number => ModeComparison.Of(number, RunSample.Start, Plan));
        foreach (var mode in comparison.Modes)
        {
            var run = runs.Add(number => RunSample.Record(number) with { Mode = mode.Mode });
            comparison = comparison.With(mode with { Run = run.Number });
        }

        File(data).Change(comparison.Number, _ => comparison with { IsDone = true, Remark = null });
    }

    private static ComparisonFile File(string folder) =>
        new(Configuration(folder), NullLogger<ComparisonFile>.Instance);

    private static IConfiguration Configuration(string folder) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Workshop:DataDirectory", (string?)folder)])
            .Build();
}
