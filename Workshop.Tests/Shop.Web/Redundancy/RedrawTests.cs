using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy;

/// <summary>What the server draws of the laboratory follows the stream, and takes no field from who is in it.</summary>
public sealed class RedrawTests
{
    [Fact]
    public async Task The_buttons_of_a_part_and_the_mode_follow_without_a_reload()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy");
        await page.EvaluateAsync("() => { window.same = true; }");
        var restore = page.Locator("li[data-node='postgres-1'] button[value='restore']");
        await Assertions.Expect(restore).ToHaveCountAsync(0);

        shop.Mode = "basic";

        await Assertions.Expect(restore).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("button[name='mode'][value='basic']")).ToBeDisabledAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.same === true"));
        Assert.Empty(chromium.Errors);
    }

    [Fact]
    public async Task A_field_that_has_the_focus_stays_until_it_is_left()
    {
        await using var shop = await StubShop.Start();
        shop.Mode = "asynchronous";
        await using var storefront = shop.Storefront();
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy");
        var field = page.Locator("#milliseconds");
        await field.FillAsync("77");

        shop.Mode = "basic";

        await Assertions.Expect(page.Locator("li[data-node='postgres-1'] button[value='restore']")).ToBeVisibleAsync();
        await Assertions.Expect(field).ToHaveValueAsync("77");
        await field.BlurAsync();
        await Assertions.Expect(field).ToHaveCountAsync(0);
        Assert.Empty(chromium.Errors);
    }

    [Fact]
    public async Task The_stage_offers_what_brings_back_a_part_that_went_down()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy?show=1");
        var back = page.Locator("[data-key='b']");
        await Assertions.Expect(back).ToHaveCountAsync(0);

        shop.States["shop-api-1"] = "Exited";
        await Assertions.Expect(back).ToContainTextAsync("Bring shop-api-1 back");
        shop.States.Clear();

        await Assertions.Expect(back).ToHaveCountAsync(0);
        Assert.Empty(chromium.Errors);
    }
}
