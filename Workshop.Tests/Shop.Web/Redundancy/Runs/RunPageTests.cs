using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Shop.Web.Redundancy.Runs;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>A run has an address of its own, which stays: a page with a picture, and two files.</summary>
public sealed partial class RunPageTests : IAsyncDisposable
{
    private const int MostBytes = 30_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly string data = TestFolders.Create("runs");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_figures_of_the_picture_are_those_of_the_file_and_of_the_checker()
    {
        var kept = Folder().Add(number => RunSample.Record(number));
        await using var storefront = Storefront();
        using var browser = storefront.Browser();

        var page = WebUtility.HtmlDecode(await Get(browser, "/redundancy/runs/1"));
        using var json = JsonDocument.Parse(await Get(browser, "/redundancy/runs/1.json"));

        var drawn = Marks()
            .Matches(page)
            .GroupBy(mark => mark.Groups["outcome"].Value, StringComparer.Ordinal)
            .ToDictionary(
                marks => marks.Key,
                marks => marks.Sum(mark => RunSample.MarksOf(marks.Key, mark.Groups["path"].Value)),
                StringComparer.Ordinal
            );
        var filed = json
            .RootElement.GetProperty("orders")
            .EnumerateArray()
            .CountBy(order => order.GetProperty("outcome").GetString()!, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        Assert.Equal(
            filed.OrderBy(one => one.Key, StringComparer.Ordinal),
            drawn.OrderBy(one => one.Key, StringComparer.Ordinal)
        );

        var checker = kept.Verdict!;
        Assert.Equal(checker.Acknowledged, drawn[Outcomes.Acknowledged] + drawn[Outcomes.Retried]);
        Assert.Equal(checker.Unresolved, drawn[Outcomes.NoAnswer]);
        Assert.Equal(checker.Refused, drawn[Outcomes.Refused]);
        Assert.Contains(
            $"All {checker.Acknowledged} confirmed orders found: none lost, none duplicated.",
            page,
            StringComparison.Ordinal
        );
        Assert.Equal(checker.FoundOnce, json.RootElement.GetProperty("verdict").GetProperty("foundOnce").GetInt32());

        var bands = Bands().Matches(page).Select(band => band.Groups["name"].Value);
        Assert.Equal(
            json.RootElement.GetProperty("bands").EnumerateArray().Select(band => band.GetProperty("name").GetString()),
            bands,
            StringComparer.Ordinal
        );
        var failover = json.RootElement.GetProperty("failover").GetProperty("totalMilliseconds").GetDouble();
        Assert.Contains($"<span data-testid=\"rto\">{Text(failover)}</span> ms", page, StringComparison.Ordinal);
        var figures = json.RootElement.GetProperty("figures");
        Assert.Contains(
            $"median {Text(figures.GetProperty("medianMilliseconds").GetDouble())} ms",
            page,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Naive_buyers_are_told_apart_in_picture_file_and_verdict()
    {
        var kept = Folder().Add(number => RunSample.WithNaive(number));
        await using var storefront = Storefront();
        using var browser = storefront.Browser();

        var page = WebUtility.HtmlDecode(await Get(browser, "/redundancy/runs/1"));
        using var json = JsonDocument.Parse(await Get(browser, "/redundancy/runs/1.json"));
        var csv = await Get(browser, "/redundancy/runs/1.csv");

        var naive = json.RootElement.GetProperty("naive").GetProperty("verdict");
        foreach (var (picture, isNaive) in new[] { ("run-picture", false), ("naive-picture", true) })
        {
            var svg = Regex.Match(
                page,
                $"data-testid=\"{picture}\">(?<marks>.*?)</svg>",
                RegexOptions.Singleline,
                Limit
            );
            Assert.Equal(
                json.RootElement.GetProperty("orders")
                    .EnumerateArray()
                    .Where(order => order.GetProperty("naive").GetBoolean() == isNaive)
                    .CountBy(order => order.GetProperty("outcome").GetString()!, StringComparer.Ordinal)
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal),
                Marks()
                    .Matches(svg.Groups["marks"].Value)
                    .GroupBy(mark => mark.Groups["outcome"].Value, StringComparer.Ordinal)
                    .Select(marks =>
                        KeyValuePair.Create(
                            marks.Key,
                            marks.Sum(mark => RunSample.MarksOf(marks.Key, mark.Groups["path"].Value))
                        )
                    )
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            );
        }

        Assert.Equal(30, csv.Split("\r\n").Count(line => line.EndsWith(",naive", StringComparison.Ordinal)));
        Assert.Contains("10 of 30 got an error or no answer.", page, StringComparison.Ordinal);
        Assert.Contains("1 of their orders exists all the same", page, StringComparison.Ordinal);
        // A naive buyer's bad luck is not the shop's broken word.
        Assert.Contains("All 43 confirmed orders found: none lost, none duplicated.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("naive-broken", page, StringComparison.Ordinal);
        foreach (
            var (row, member, resilient) in new[]
            {
                ("acknowledged", "acknowledged", kept.Verdict!.Acknowledged),
                ("found-once", "foundOnce", kept.Verdict.FoundOnce),
                ("no-answer", "unresolved", kept.Verdict.Unresolved),
                ("refused", "refused", kept.Verdict.Refused),
            }
        )
        {
            Assert.Equal([resilient, naive.GetProperty(member).GetInt32()], Row(page, row));
        }

        Assert.Equal([0, naive.GetProperty("recovered").GetArrayLength()], Row(page, "recovered"));
        Assert.Equal([0, naive.GetProperty("lost").GetArrayLength()], Row(page, "lost"));
    }

    [Fact]
    public async Task A_confirmed_order_of_a_naive_buyer_that_is_lost_breaks_the_shops_word()
    {
        Folder()
            .Add(number =>
            {
                var run = RunSample.WithNaive(number);
                var lost = run.Naive!.Verdict with { Lost = [Guid.NewGuid()] };
                return run with { Naive = run.Naive with { Verdict = lost } };
            });
        await using var storefront = Storefront();
        using var browser = storefront.Browser();

        var page = await Get(browser, "/redundancy/runs/1");

        Assert.Contains("data-testid=\"naive-broken\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_of_a_run_has_a_line_for_each_purchase_and_no_formula()
    {
        Folder().Add(number => RunSample.Record(number));
        await using var storefront = Storefront();
        using var browser = storefront.Browser();

        var csv = (await Get(browser, "/redundancy/runs/1.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("at_ms,latency_ms,outcome,server,order_id,trace_id,reason,buyer", csv[0]);
        Assert.Equal(1 + 40 + 3 + 2, csv.Length);
        Assert.EndsWith(",refused,shop-api-2,,,\"'=Sold \"\"out\"\"\",resilient", csv[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_outlives_the_storefront_and_the_next_one_has_the_next_number()
    {
        Folder().Add(number => RunSample.Record(number));
        var next = Folder().Add(number => RunSample.Record(number));

        Assert.Equal(2, next.Number);
        await using var storefront = Storefront();
        using var browser = storefront.Browser();
        var list = await Get(browser, "/redundancy/runs");
        Assert.Contains("href=\"/redundancy/runs/2\"", list, StringComparison.Ordinal);
        Assert.Contains("href=\"/redundancy/runs/1\"", list, StringComparison.Ordinal);
        Assert.Contains(
            "Run 1: kill the primary database",
            await Get(browser, "/redundancy/runs/1"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_oldest_runs_go_and_a_file_that_cannot_be_read_is_set_aside()
    {
        var folder = Folder();
        for (var n = 0; n < RunFolder.MostRuns + 3; n++)
        {
            folder.Add(number => RunSample.Record(number, fast: 1));
        }

        Assert.Equal(Enumerable.Range(4, RunFolder.MostRuns), folder.Numbers());
        Assert.Null(folder.Find(1));
        File.WriteAllText(Path.Combine(data, "runs", "5.json"), "{ torn");
        Assert.Null(folder.Find(5));
        Assert.DoesNotContain(5, folder.Numbers());
        Assert.NotNull(folder.Find(6));
    }

    [Fact]
    public async Task The_longest_run_is_a_small_page_all_the_same()
    {
        Folder().Add(number => RunSample.Record(number, fast: 5900));
        await using var storefront = Storefront();
        using var browser = storefront.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/redundancy/runs/1");
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using var answer = await browser.SendAsync(request, Ct);

        var sent = await answer.Content.ReadAsByteArrayAsync(Ct);
        Assert.True(sent.Length < MostBytes, $"{sent.Length} bytes.");
    }

    [Fact]
    public async Task The_page_of_a_run_is_accessible_and_fits_a_phone()
    {
        Folder().Add(number => RunSample.Record(number));
        await using var storefront = Storefront();
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy/runs");
        Assert.Empty(await PageJudge.Faults(page, "runs-of-sample"));
        await page.GotoAsync("/redundancy/runs/1");
        Assert.Empty(await PageJudge.Faults(page, "run"));
        var label = await page.GetByTestId("run-picture").GetAttributeAsync("aria-label");
        Assert.Contains("40 confirmed at once, 3 after a retry, 1 without an answer", label, StringComparison.Ordinal);
        Assert.Empty(chromium.Errors);
    }

    [Theory]
    [InlineData("/redundancy/runs/99")]
    [InlineData("/redundancy/runs/99.json")]
    [InlineData("/redundancy/runs/99.csv")]
    [InlineData("/redundancy/runs/-1.json")]
    public async Task A_run_that_is_not_there_is_not_found(string path)
    {
        await using var storefront = Storefront();
        using var browser = storefront.Browser();

        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private RunFolder Folder() => RunSample.Folder(data);

    private StorefrontServer Storefront() => new(("Workshop:DataDirectory", data));

    private static Task<string> Get(HttpClient browser, string path) =>
        browser.GetStringAsync(new Uri(path, UriKind.Relative), Ct);

    /// <summary>The two figures of a row of the table that sets naive buyers beside resilient ones.</summary>
    private static int[] Row(string page, string name)
    {
        var row = Regex.Match(page, $"<tr data-class=\"{name}\">(?<cells>.*?)</tr>", RegexOptions.Singleline, Limit);
        return
        [
            .. Regex
                .Matches(row.Groups["cells"].Value, ">(?<figure>[0-9]+)</td>", RegexOptions.None, Limit)
                .Select(cell => int.Parse(cell.Groups["figure"].Value, CultureInfo.InvariantCulture)),
        ];
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "<path class=\"marks [^\"]*\" data-outcome=\"(?<outcome>[^\"]+)\" data-count=\"[0-9]+\" d=\"(?<path>[^\"]+)\"",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Marks();

    [GeneratedRegex("data-band=\"(?<name>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Bands();
}
