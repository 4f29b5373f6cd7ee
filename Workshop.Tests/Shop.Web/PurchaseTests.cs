using System.Text.RegularExpressions;
using LaboratoryBench.Lesson;
using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>People buying, in a real browser, through the whole workshop.</summary>
[Collection(WorkshopFixture.Name)]
public sealed partial class PurchaseTests(WorkshopFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task Somebody_finds_a_product_by_category_and_search_and_buys_it()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/");
        await page.GetByLabel("Search the shop").FillAsync("CLOÜDS");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Books" }).ClickAsync();
        await page.GetByText("Filter and sort").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "In stock", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(SearchAddress());

        await page.Locator(".product a").First.ClickAsync();
        await page.GetByLabel("Quantity").FillAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Assertions.Expect(page.Locator("#quantity-error")).ToContainTextAsync("whole number from 1 to 1000");

        await page.GetByLabel("Quantity").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Order(page);
        await Assertions.Expect(page.GetByTestId("answered-by")).ToContainTextAsync("shop-api-");

        await page.GetByText("Cancel this order").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, cancel the order" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("order-status")).ToHaveTextAsync("cancelled");
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task The_whole_purchase_works_without_script()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb, script: false);
        await PurchaseSteps.PutInCart(page);
        await Order(page);
    }

    [Fact]
    public async Task The_whole_purchase_works_with_the_keyboard_alone()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/products?category=Books&inStock=true");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByText("Skip to the content")).ToBeFocusedAsync();
        await Reach(page, page.Locator(".product a").First);
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }));
        await Reach(page, page.GetByRole(AriaRole.Link, new() { Name = "Go to checkout" }));
        await Reach(page, page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }));
        await Assertions.Expect(page).ToHaveURLAsync(OrderAddress());
    }

    [Fact]
    public async Task A_reload_and_a_form_sent_three_times_make_one_order()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await PurchaseSteps.PutInCart(page);
        await page.GotoAsync("/checkout");
        var key = new Uri(page.Url).Query;
        await page.ReloadAsync();
        Assert.Equal(key, new Uri(page.Url).Query);

        // The same form, sent twice side by side, as two impatient presses or a browser's own repeat would.
        await page.EvaluateAsync(
            """
            () => {
              const form = document.querySelector('main form');
              const send = () => fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
              return Promise.all([send(), send()]).then(() => null);
            }
            """
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(OrderAddress());
        await Assertions.Expect(page.GetByText("It was not placed a second time")).ToBeVisibleAsync();
        await page.GotoAsync("/orders");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Going_back_after_an_order_and_pressing_again_makes_no_second_order()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await PurchaseSteps.PutInCart(page);
        await Order(page);
        var order = page.Url;

        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(CheckoutAddress());
        // A browser shows the page that it remembers, with its button, or asks for it anew: then there is nothing to order.
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Place the order" });
        if (await button.IsVisibleAsync())
        {
            await button.ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(order);
        }
        else
        {
            await Assertions.Expect(page.GetByText("There is nothing to order")).ToBeVisibleAsync();
        }

        await page.GotoAsync("/orders");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_order_is_there_once_though_a_server_and_then_the_primary_are_killed()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await PurchaseSteps.PutInCart(page);
        try
        {
            await Workshop.Command("shop-api-1", "kill", Ct);
            await page.GotoAsync("/checkout");
            await Workshop.Command(await Primary(), "kill", Ct);
            await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" })
                .ClickAsync(new() { Timeout = 60_000 });
            await Placed(page);
            await page.GotoAsync("/orders");
            await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        }
        finally
        {
            await Workshop.RepairAll(Ct);
        }
    }

    [Fact]
    public async Task Two_people_who_edit_one_product_see_both_versions_side_by_side()
    {
        await using var browser = await Browser.Start();
        var first = await browser.Open(Workshop.ShopWeb);
        await first.GotoAsync("/admin/products/new");
        await first.GetByLabel("Name").FillAsync("Contested kettle");
        await first.GetByLabel("Category").FillAsync("Kitchen");
        await first.GetByLabel("Price in €").FillAsync("12,5");
        await first.GetByRole(AriaRole.Button, new() { Name = "Add to the shop" }).ClickAsync();
        await Assertions.Expect(first.Locator("#price-error")).ToContainTextAsync("such as 12.50");
        await first.GetByLabel("Price in €").FillAsync("12.50");
        await first.GetByRole(AriaRole.Button, new() { Name = "Add to the shop" }).ClickAsync();
        await first.GetByRole(AriaRole.Link, new() { Name = "Edit this product" }).ClickAsync();

        var second = await first.Context.NewPageAsync();
        await second.GotoAsync(first.Url);
        await second.GetByLabel("Price in €").FillAsync("13.00");
        await second.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(second.GetByText("Product saved.")).ToBeVisibleAsync();

        await first.GetByLabel("Price in €").FillAsync("14.00");
        await first.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(first.Locator("tr.differs")).ToContainTextAsync("14.00");
        await Assertions.Expect(first.Locator("tr.differs")).ToContainTextAsync("13.00");
        await first.GetByRole(AriaRole.Button, new() { Name = "Overwrite with mine" }).ClickAsync();
        await Assertions.Expect(first.Locator(".price").First).ToHaveTextAsync("€14.00");
        await first.GetByRole(AriaRole.Link, new() { Name = "Edit this product" }).ClickAsync();
        await first.GetByText("Delete this product").ClickAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "Yes, delete it" }).ClickAsync();
        await Assertions.Expect(first.GetByText("Product deleted.")).ToBeVisibleAsync();
    }

    private static async Task Order(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to checkout" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(OrderAddress());
        await Assertions.Expect(page.GetByTestId("order-status")).ToHaveTextAsync("confirmed");
    }

    /// <summary>Presses again for as long as the page says that it may be pressed again.</summary>
    private static async Task Placed(IPage page)
    {
        for (var press = 0; press < 5 && !OrderAddress().IsMatch(page.Url); press++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" })
                .ClickAsync(new() { Timeout = 60_000 });
        }

        await Assertions.Expect(page).ToHaveURLAsync(OrderAddress());
    }

    /// <summary>Presses Tab until <paramref name="target"/> has the focus, then Enter.</summary>
    private static async Task Reach(IPage page, ILocator target)
    {
        for (var press = 0; press < 60; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                await Browser.Follow(page, () => page.Keyboard.PressAsync("Enter"));
                return;
            }
        }

        Assert.Fail($"{target} cannot be reached with Tab.");
    }

    private async Task<string> Primary() =>
        await Workshop.Server("primary", Ct) ?? throw new InvalidOperationException("There is no primary.");

    [GeneratedRegex(@"/checkout\?key=[0-9a-f]{32}$", RegexOptions.None, 1000)]
    private static partial Regex CheckoutAddress();

    [GeneratedRegex(@"/orders/[^/]+/[0-9a-f-]{36}$", RegexOptions.None, 1000)]
    private static partial Regex OrderAddress();

    [GeneratedRegex(@"category=Books&inStock=true&search=CLO", RegexOptions.None, 1000)]
    private static partial Regex SearchAddress();
}
