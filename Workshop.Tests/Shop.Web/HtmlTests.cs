using System.Diagnostics;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Workshop.Tests.Architecture;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>What the Nu Html Checker says of the shop's pages, and what they weigh.</summary>
[Collection(WorkshopFixture.Name)]
public sealed partial class HtmlTests(WorkshopFixture fixture)
{
    /// <summary>Most bytes of a page as it is sent to a browser, compressed.</summary>
    private const int MostBytes = 30_000;

    /// <summary>Longest run of the checker, which brings a machine of its own.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Pages =
    [
        "/",
        "/products",
        "/products?search=kettle&sort=price&inStock=true",
        "/products?search=zzzz",
        "/products?minPrice=cheap",
        "/cart",
        "/checkout",
        "/orders",
        "/account",
        "/admin/products",
        "/admin/products/new",
        "/nowhere",
        $"/products/{Guid.Empty}",
        $"/orders/nobody/{Guid.Empty}",
        "/predictions/nothing",
        "/redundancy",
        "/redundancy/runs",
        "/redundancy/runs/999999",
        "/redundancy/comparisons/999999",
        "/predictions",
        "/predictions/titanic",
        "/predictions/titanic/batches/0",
        "/predictions/housing/batches/0",
        "/predictions/titanic/quality",
        "/predictions/housing/quality",
        "/predictions/titanic/figures",
        "/predictions/evaluation",
        "/predictions/leaders",
        "/predictions/join",
        "/predictions/ledger?look=tamper",
        "/predictions/members/predictor-bayes",
        "/predictions/members/nobody",
        "/tour",
        "/tour/a-q5?guess=0",
        "/tour/none",
        "/apis",
    ];

    /// <summary>Those that lead nowhere.</summary>
    private static readonly HashSet<string> Nowhere = new(StringComparer.Ordinal)
    {
        "/nowhere",
        $"/products/{Guid.Empty}",
        $"/orders/nobody/{Guid.Empty}",
        "/predictions/nothing",
        "/redundancy/runs/999999",
        "/redundancy/comparisons/999999",
        "/predictions/members/nobody",
        "/tour/none",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_checker_finds_no_error_on_any_page_and_each_is_small()
    {
        var folder = TestFolders.Create("html");
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new() });
        browser.BaseAddress = fixture.Workshop.ShopWeb;
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var list = await browser.GetStringAsync(new Uri("/products?inStock=true", UriKind.Relative), Ct);
        var product = ProductLink().Match(list).Groups["address"].Value;
        var form = StorefrontServer.Form(
            await browser.GetStringAsync(new Uri(product, UriKind.Relative), Ct),
            "/cart/items"
        );
        await StorefrontServer.Post(browser, "/cart/items", form, Ct);
        await BatchSteps.Run(fixture.Workshop, ["titanic", "housing"], Ct);
        var checkout = StorefrontServer.Form(
            await browser.GetStringAsync(new Uri("/checkout", UriKind.Relative), Ct),
            "/checkout"
        );
        List<string> heavy = [];
        List<string> headings = [];
        var number = 0;

        foreach (var address in Pages.Append(product))
        {
            await Keep(address);
        }

        var (_, _, order) = await StorefrontServer.Post(browser, "/checkout", checkout, Ct);
        await Keep(order);
        var found = await Check(folder);

        Assert.True(found.Length == 0, found);
        Assert.True(heavy.Count == 0, string.Join('\n', heavy));
        Assert.True(headings.Count == 0, string.Join('\n', headings));
        Directory.Delete(folder, recursive: true);

        async Task Keep(string address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var page = await browser.SendAsync(request, Ct);
            Assert.Equal((address, Nowhere.Contains(address) ? 404 : 200), (address, (int)page.StatusCode));
            var text = await page.Content.ReadAsStringAsync(Ct);
            await File.WriteAllTextAsync(
                Path.Combine(folder, $"{number++:00}{Unsafe().Replace(address, "_")}.html"),
                text,
                Ct
            );
            if (text.Split("<h1").Length != 2)
            {
                headings.Add($"{address}: {text.Split("<h1").Length - 1} headings of the first level");
            }

            using var small = new HttpRequestMessage(HttpMethod.Get, address);
            small.Headers.AcceptEncoding.ParseAdd("gzip");
            using var sent = await browser.SendAsync(small, Ct);
            var bytes = await sent.Content.ReadAsByteArrayAsync(Ct);
            if (bytes.Length > MostBytes)
            {
                heavy.Add($"{address}: {bytes.Length} bytes");
            }
        }
    }

    private static async Task<string> Check(string folder)
    {
        var tool = Path.Combine(SourceTree.Root, "Workshop.Tests", "html");
        var jar = Path.Combine(tool, "node_modules", "vnu-jar", "build", "dist", "vnu.jar");
        Assert.True(File.Exists(jar), $"No {jar}: npm ci in {tool}.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        using var check = Process.Start(
            new ProcessStartInfo("java", ["-Xss1m", "-jar", jar, "--errors-only", "--skip-non-html", folder])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        try
        {
            var output = await check.StandardError.ReadToEndAsync(limit.Token);
            await check.WaitForExitAsync(limit.Token);
            return output.Trim();
        }
        finally
        {
            if (!check.HasExited)
            {
                check.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex("href=\"(?<address>/products/[0-9a-f-]{36})\"", RegexOptions.None, 1000)]
    private static partial Regex ProductLink();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Unsafe();
}
