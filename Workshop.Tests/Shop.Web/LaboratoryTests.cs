using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>The main path of each laboratory, in a real browser, through the whole workshop.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class LaboratoryTests(WorkshopFixture fixture)
{
    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task Buyers_buy_while_a_server_is_killed_and_every_order_is_found_once()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/redundancy");
        await page.GetByLabel("Orders per second").FillAsync("5");
        await page.GetByLabel("Seconds").FillAsync("6");
        await page.GetByLabel("After a third of the time").SelectOptionAsync("Kill a shop server");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the buyers" }).ClickAsync();
        await Assertions
            .Expect(page.GetByTestId("verdict"))
            .ToHaveTextAsync("Every one of the 30 acknowledged orders is there, once.", new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Start shop-api-1" }).ClickAsync();
        // The host answers when the server is healthy again, and that takes a cold start.
        await Assertions
            .Expect(page.GetByText("Done: start on shop-api-1"))
            .ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions
            .Expect(page.Locator("li[data-node='shop-api-1']"))
            .ToHaveAttributeAsync("data-state", "up", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("[data-plot='orders'] canvas")).ToBeVisibleAsync();
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task A_question_is_asked_batches_are_run_and_a_changed_ledger_shows_where()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/predictions/iris?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2");
        await Assertions.Expect(page.GetByTestId("answer")).ToContainTextAsync("setosa");
        await page.GetByLabel("petal width").FillAsync("-3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask all members" }).ClickAsync();
        await Assertions.Expect(page.Locator("#petalWidth-error")).Not.ToBeEmptyAsync();

        await page.GetByLabel("How many").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run batches" }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 batches are run")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(page.Locator("[data-plot='weights'] canvas")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Batch 0" }).ClickAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Batch 0 of iris" }))
            .ToBeVisibleAsync();

        await page.GotoAsync("/predictions/ledger");
        await page.GetByRole(AriaRole.Link, new() { Name = "Verify it" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("ledger-verdict")).ToContainTextAsync("blocks hold");
        await page.GetByRole(AriaRole.Link, new() { Name = "make the hash fit" }).ClickAsync();
        await Assertions
            .Expect(page.GetByTestId("ledger-verdict"))
            .ToContainTextAsync("does not follow the block before");
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("400", StringComparison.Ordinal));
    }
}
