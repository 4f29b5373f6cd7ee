using System.Text.RegularExpressions;
using LaboratoryBench.Lesson;
using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>What a reader meets when the storefront itself, or all that stands behind it, goes away.</summary>
[Collection(WorkshopFixture.Name)]
public sealed partial class RecoveryTests(WorkshopFixture fixture)
{
    private static readonly string[] PagesOfTheShop = ["/", "/products", "/cart", "/orders"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task A_checkout_form_that_was_open_while_the_storefront_was_killed_still_makes_its_one_order()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await PurchaseSteps.PutInCart(page);
        await page.GotoAsync("/checkout");
        var checkout = page.Url;
        var key = await page.Locator("main form input[name='key']").InputValueAsync();
        var token = await page.Locator("main form input[name='__RequestVerificationToken']").InputValueAsync();
        var buyer = await page.Locator("main form input[name='buyer']").InputValueAsync();
        var digest = await page.Locator("main form input[name='digest']").InputValueAsync();
        await Workshop.Command("shop-web", "kill", Ct);
        await Workshop.Command("shop-web", "start", Ct);

        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("order-status")).ToHaveTextAsync("confirmed");

        // Back, the form may be there again or not: a browser may show what it remembers. Sent again, it is the same order.
        await page.GoBackAsync();
        await page.GotoAsync(checkout);
        await page.EvaluateAsync(
            """
            ([key, token, buyer, digest]) => {
              const body = new URLSearchParams({ key, buyer, digest, __RequestVerificationToken: token });
              return fetch('/checkout', { method: 'POST', body }).then(() => null);
            }
            """,
            new[] { key, token, buyer, digest }
        );
        await page.GotoAsync("/orders");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_run_of_buyers_that_died_with_the_storefront_leaves_no_test_pieces_in_the_shop()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/redundancy");
        await page.GetByLabel("Orders per second").FillAsync("2");
        await page.GetByLabel("Seconds", new() { Exact = true }).FillAsync("60");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Buying …")).ToBeVisibleAsync();
        await Workshop.Command("shop-web", "kill", Ct);
        await Workshop.Command("shop-web", "start", Ct);

        await EventuallyShows(page, "/redundancy", page.GetByTestId("swept"));
        await Assertions.Expect(page.GetByTestId("swept")).ToContainTextAsync("8 test pieces");
        await page.GotoAsync("/products?category=Laboratory");
        await Assertions.Expect(page.GetByText("No products match")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_every_shop_server_dead_each_page_says_so_and_what_to_do()
    {
        await using var browser = await Browser.Start();
        await Workshop.Command("shop-api-1", "kill", Ct);
        await Workshop.Command("shop-api-2", "kill", Ct);
        try
        {
            // Each waits for a server as long as a failover may take, so all are opened at once.
            var page = (await Task.WhenAll(PagesOfTheShop.Select(SaysSo)))[0];
            await Browser.Keep(page, "shop-dead-1280-light");
            await page.SetViewportSizeAsync(360, 700);
            await Browser.Keep(page, "shop-dead-360-light");
        }
        finally
        {
            await Workshop.Command("shop-api-1", "start", Ct);
            await Workshop.Command("shop-api-2", "start", Ct);
        }

        async Task<IPage> SaysSo(string address)
        {
            var page = await browser.Open(Workshop.ShopWeb);
            var answer = await page.GotoAsync(address, new() { Timeout = 60_000 });
            Assert.Equal(503, answer!.Status);
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Try again" })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("another took over")).ToHaveCountAsync(0);
            // What the engineer wants of it is one click away.
            await Assertions
                .Expect(page.GetByTestId("trace").First.Locator(".."))
                .ToHaveAttributeAsync("href", TracePage());
            return page;
        }
    }

    [Fact]
    public async Task Without_the_consensus_the_laboratory_says_so()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await Workshop.Command("consensus", "kill", Ct);
        try
        {
            Assert.Equal(200, (await page.GotoAsync("/predictions"))!.Status);
            await Assertions.Expect(page.GetByText("The consensus cannot be asked right now")).ToBeVisibleAsync();
            Assert.Equal(200, (await page.GotoAsync("/predictions/iris"))!.Status);
            await Assertions.Expect(page.GetByText("The batches cannot be shown right now")).ToBeVisibleAsync();
            Assert.Equal(503, (await page.GotoAsync("/predictions/ledger"))!.Status);
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Try again" })).ToBeVisibleAsync();
        }
        finally
        {
            await Workshop.Command("consensus", "start", Ct);
        }
    }

    [Fact]
    public async Task Without_the_registry_the_shop_goes_on_and_the_laboratory_says_what_it_does_not_know()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/products");
        await Workshop.Command("registry", "kill", Ct);
        try
        {
            Assert.Equal(200, (await page.GotoAsync("/products"))!.Status);
            await EventuallyShows(page, "/products", page.GetByText("on postgres-"));
            await page.GotoAsync("/redundancy");
            await Assertions.Expect(page.GetByText("unknown: the registry does not answer")).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("Not known: the registry does not answer.")).ToBeVisibleAsync();
        }
        finally
        {
            await Workshop.Command("registry", "start", Ct);
        }
    }

    private static async Task EventuallyShows(IPage page, string address, ILocator expected)
    {
        for (var look = 0; look < 60; look++)
        {
            try
            {
                await page.GotoAsync(address);
                if (await expected.IsVisibleAsync())
                {
                    return;
                }
            }
            catch (PlaywrightException)
            {
                // A live page loads itself again when its state changes, and that ends what was on its way.
            }

            await Task.Delay(500, Ct);
        }

        Assert.Fail($"{address} does not show {expected}.");
    }

    [GeneratedRegex("^http://localhost:[0-9]+/traces/detail/[0-9a-f]{32}$", RegexOptions.None, 1000)]
    private static partial Regex TracePage();
}
