using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>
/// What axe does not look for: with forced colours what is chosen is told by a line, whoever asked for less motion gets none, and
/// letters of twice the size push nothing out of the window.
/// </summary>
[Collection(WorkshopFixture.Name)]
public sealed class PreferenceTests(WorkshopFixture fixture)
{
    private static readonly string[] Pages = ["/", "/products?search=kettle", "/account", "/admin/products/new"];

    [Fact]
    public async Task With_forced_colours_what_is_chosen_has_a_line()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        await page.GotoAsync("/products?category=Books");
        foreach (
            var chosen in new[] { ".primary [aria-current]", ".chips [aria-current]", ".themes [aria-pressed=true]" }
        )
        {
            var style = await page.Locator(chosen)
                .First.EvaluateAsync<string>("element => getComputedStyle(element).outlineStyle");
            Assert.Equal("solid", style);
        }
    }

    [Fact]
    public async Task Nothing_moves_for_who_asked_for_less_motion()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.GotoAsync("/products");
        var longest = await page.EvaluateAsync<double>(
            """
            () => Math.max(...[...document.querySelectorAll("*")].flatMap((element) => {
              const style = getComputedStyle(element);
              return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
            }))
            """
        );
        Assert.True(longest < 0.05, FormattableString.Invariant($"Something moves for {longest} s."));
    }

    [Fact]
    public async Task At_twice_the_size_nothing_is_scrolled_sideways()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        List<string> wide = [];
        foreach (var address in Pages.Append("/cart").Append("/orders").Append("/products"))
        {
            await page.GotoAsync(address);
            await page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
            var over = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
            if (over > 0)
            {
                wide.Add($"{address} is {over} px too wide with letters of twice the size.");
            }
        }

        Assert.Empty(wide);
    }
}
