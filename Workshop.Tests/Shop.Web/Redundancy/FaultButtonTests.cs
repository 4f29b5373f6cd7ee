using System.Net;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy;

/// <summary>Only commands that fit the state of a part are offered, and each says what it means.</summary>
public sealed partial class FaultButtonTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Running", "kill stop pause")]
    [InlineData("Paused", "kill resume")]
    [InlineData("Exited", "start")]
    public async Task A_server_is_offered_what_fits_its_state(string state, string commands)
    {
        await using var shop = await StubShop.Start();
        shop.States["shop-api-1"] = state;

        Assert.Equal(commands, await Offered(shop, "shop-api-1"));
    }

    [Theory]
    [InlineData("synchronous", "postgres-1", "kill stop pause switchover backup")]
    [InlineData("synchronous", "postgres-2", "kill stop pause")]
    [InlineData("basic", "postgres-1", "kill stop pause backup restore")]
    public async Task A_database_is_offered_what_fits_its_role_and_the_mode(string mode, string name, string commands)
    {
        await using var shop = await StubShop.Start();
        shop.Mode = mode;

        Assert.Equal(commands, await Offered(shop, name));
    }

    [Fact]
    public async Task Each_button_says_what_it_means_without_a_pointer()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var browser = storefront.Browser();

        var page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri("/redundancy", UriKind.Relative), Ct));

        var forms = Forms().Matches(page);
        Assert.NotEmpty(forms);
        Assert.All(forms, form => Assert.Matches("<small[^>]*>[A-Z][^<]{8,}\\.</small>", form.Value));
        Assert.Contains("Gone at once, as in a crash or a power cut.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_form_of_the_laboratory_was_sent_with_stands_in_it_again()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var browser = storefront.Browser();

        var page = await browser.GetStringAsync(
            new Uri("/redundancy?rate=7&seconds=9&fault=pause-server&at=2&fault2=switchover", UriKind.Relative),
            Ct
        );

        Assert.Matches("name=\"rate\"[^>]* value=\"7\"", page);
        Assert.Matches("name=\"at\"[^>]* value=\"2\"", page);
        Assert.Contains("<option value=\"pause-server\" selected>", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"switchover\" selected>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<option value=\"restore\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_a_plan_that_does_not_fit_the_mode_stays_in_the_form_and_says_so()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var browser = storefront.Browser();

        var page = await browser.GetStringAsync(new Uri("/redundancy?fault=restore#buyers", UriKind.Relative), Ct);

        Assert.Contains(
            "<option value=\"restore\" selected>Restore the newest backup (not in this mode)</option>",
            page,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_laboratory_with_its_plan_and_its_show_are_accessible_and_fit()
    {
        await using var shop = await StubShop.Start();
        shop.States["shop-api-1"] = "Paused";
        shop.States["postgres-2"] = "Exited";
        await using var storefront = shop.Storefront(("Workshop:LanHost", "192.0.2.7"));
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy?fault2=switchover&fault3=kill-server#buyers");
        Assert.Empty(await PageJudge.Faults(page, "lab-plan"));
        await page.GotoAsync("/redundancy?show=1");
        Assert.Empty(await PageJudge.Faults(page, "lab-show"));

        // A button that fits no more is gone without a reload.
        await page.GotoAsync("/redundancy");
        var resume = page.Locator("li[data-node='shop-api-1'] button[value='resume']");
        await Assertions.Expect(resume).ToBeVisibleAsync();
        shop.States.TryRemove("shop-api-1", out _);
        await Assertions.Expect(resume).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("li[data-node='shop-api-1'] button[value='kill']")).ToBeVisibleAsync();
        Assert.Empty(chromium.Errors);
    }

    /// <summary>The commands whose buttons are shown on the page, in their order.</summary>
    private static async Task<string> Offered(StubShop shop, string part)
    {
        await using var storefront = shop.Storefront();
        await storefront.UntilSeen(Ct);
        using var browser = storefront.Browser();
        var page = await browser.GetStringAsync(new Uri("/redundancy", UriKind.Relative), Ct);
        return string.Join(
            ' ',
            Forms()
                .Matches(page)
                .Where(form =>
                    string.Equals(form.Groups["resource"].Value, part, StringComparison.Ordinal)
                    && !form.Groups["tag"].Value.Contains(" hidden", StringComparison.Ordinal)
                )
                .Select(form => form.Groups["command"].Value)
        );
    }

    [GeneratedRegex(
        "<form (?<tag>[^>]*action=\"/redundancy/faults\"[^>]*)>.*?name=\"resource\" value=\"(?<resource>[^\"]+)\".*?"
            + "name=\"command\" value=\"(?<command>[^\"]+)\".*?</form>",
        RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Forms();
}
