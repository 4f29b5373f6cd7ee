using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy;

/// <summary>
/// What the pages say where nobody's host started the shop and somebody else fails three databases over: nothing that is not so
/// there, and no button that could do nothing.
/// </summary>
public sealed class ObservedTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_host_there_is_no_button_that_breaks_something()
    {
        await using var shop = await StubShop.Start();
        shop.Observed = 3;
        await using var storefront = shop.StorefrontAlone();
        shop.States["postgres-1"] = "Exited";

        var laboratory = await Page(storefront, "redundancy");

        Assert.Contains("data-testid=\"no-host\"", laboratory, StringComparison.Ordinal);
        Assert.DoesNotContain("/redundancy/faults", laboratory, StringComparison.Ordinal);
        Assert.DoesNotContain("Kill the primary database above", laboratory, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "/redundancy/faults",
            await Page(storefront, "redundancy?show=1"),
            StringComparison.Ordinal
        );
        var question = await Page(storefront, "tour/b-q6");
        Assert.DoesNotContain("/redundancy/faults", question, StringComparison.Ordinal);
        Assert.DoesNotContain(":18880/", question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_somebody_else_decides_no_page_says_that_the_conductor_does()
    {
        await using var shop = await StubShop.Start();
        shop.Observed = 3;
        await using var storefront = shop.StorefrontAlone();

        var laboratory = await Page(storefront, "redundancy");

        Assert.Contains(
            "<dt>Who decides</dt><dd data-field=\"rule\">only observed</dd>",
            laboratory,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Conductor’s rule", laboratory, StringComparison.Ordinal);
        Assert.DoesNotContain("mode-form", laboratory, StringComparison.Ordinal);
        Assert.DoesNotContain("buttons above", laboratory, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"observed\"", await Page(storefront, "tour/b-q7"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 6)]
    public async Task The_picture_has_every_database_and_a_way_from_each_to_each(int databases, int ways)
    {
        await using var shop = await StubShop.Start();
        shop.Observed = databases;
        await using var storefront = shop.StorefrontAlone();

        var picture = await Page(storefront, "redundancy?show=1");

        Assert.Equal(databases, Count(picture, "class=\"node database\""));
        Assert.Equal(ways, Count(picture, "class=\"wire copy\""));
        Assert.Equal(databases * 2, Count(picture, "class=\"wire store\""));
    }

    private static int Count(string page, string part) => page.Split(part).Length - 1;

    private static async Task<string> Page(StorefrontServer storefront, string path)
    {
        using var browser = storefront.Browser();
        using var answer = await browser.GetAsync(new Uri($"/{path}", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
    }
}
