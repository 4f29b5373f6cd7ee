using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>
/// What holds of every page: no violation that axe knows, in either theme; nothing wider than a small phone; no error in
/// the console.
/// </summary>
[Collection(WorkshopFixture.Name)]
public sealed class PageTests(WorkshopFixture fixture)
{
    private static readonly (string Name, string Address)[] Pages =
    [
        ("home", "/"),
        ("products", "/products"),
        ("nothing-found", "/products?search=zzzz"),
        ("did-you-mean", "/products?search=ketle&inStock=true"),
        ("search", "/products?search=kettle&sort=price"),
        ("price-error", "/products?minPrice=cheap"),
        (
            "long-words",
            "/products?search=Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
        ),
        ("no-page", "/nowhere"),
        ("no-order", "/orders/nobody/00000000-0000-0000-0000-000000000000"),
        ("cart-empty", "/cart"),
        ("orders-empty", "/orders"),
        ("account", "/account"),
        ("manage", "/admin/products"),
        ("new-product", "/admin/products/new"),
        ("redundancy", "/redundancy"),
        ("runs", "/redundancy/runs"),
        ("show", "/redundancy?show=1"),
        ("predictions", "/predictions"),
        ("network", "/predictions/titanic"),
        ("evaluation", "/predictions/evaluation"),
        ("ledger", "/predictions/ledger?look=tamper"),
        ("join", "/predictions/join"),
        ("leaders", "/predictions/leaders"),
        ("sign-in", "/sign-in"),
        ("quality", "/predictions/titanic/quality"),
        ("figures", "/predictions/titanic/figures?figure=weight"),
        ("tour", "/tour"),
        ("question", "/tour/b-q7?guess=0"),
        ("apis", "/apis"),
    ];

    /// <summary>Reached by following a link of the page before.</summary>
    private static readonly (string Name, string From, string Link)[] Followed =
    [
        ("member", "/predictions", "[data-testid=members] tbody a"),
        ("edit-product", "/admin/products", "main tbody a"),
        ("products-2", "/products", "main a[rel=next]"),
    ];

    [Fact]
    public async Task Every_page_is_accessible_fits_a_phone_and_breaks_nothing()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        List<string> found = [];
        foreach (var (name, address) in Pages)
        {
            var answer = await page.GotoAsync(address);
            Assert.Equal((address, IsNowhere(name) ? 404 : 200), (address, answer!.Status));
            found.AddRange(await PageJudge.Faults(page, name));
        }

        foreach (var (name, from, link) in Followed)
        {
            await page.GotoAsync(from);
            await Browser.Follow(page, () => page.Locator(link).First.ClickAsync());
            found.AddRange(await PageJudge.Faults(page, name));
        }

        await page.GotoAsync("/products?category=Garden&inStock=true");
        await page.Locator(".product a").First.ClickAsync();
        await Assertions.Expect(page.GetByLabel("Quantity")).ToBeVisibleAsync();
        found.AddRange(await PageJudge.Faults(page, "product"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Added to your cart")).ToBeVisibleAsync();
        await page.GotoAsync("/cart");
        found.AddRange(await PageJudge.Faults(page, "cart"));
        await page.Locator(".stepper input[inputmode]").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Update" }).ClickAsync();
        await Assertions.Expect(page.Locator("[aria-invalid=true]")).ToBeFocusedAsync();
        found.AddRange(await PageJudge.Faults(page, "cart-error"));
        await page.GotoAsync("/checkout");
        found.AddRange(await PageJudge.Faults(page, "checkout"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("order-status")).ToBeVisibleAsync();
        found.AddRange(await PageJudge.Faults(page, "order"));
        await page.GotoAsync("/orders");
        found.AddRange(await PageJudge.Faults(page, "orders"));

        Assert.Empty(found);
        // A page that is not there says so in the console too: one error for each, and none for what a page needs.
        Assert.Equal(Pages.Count(one => IsNowhere(one.Name)), browser.Errors.Count);
        Assert.All(browser.Errors, error => Assert.Contains("404", error, StringComparison.Ordinal));

        static bool IsNowhere(string name) => name.StartsWith("no-", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_shows_a_page_of_ours()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        foreach (
            var (address, way) in new[]
            {
                ("/nowhere", "/"),
                ($"/products/{Guid.Empty}", "/products"),
                ($"/orders/nobody/{Guid.Empty}", "/orders"),
                ("/predictions/nothing", "/predictions"),
                ("/predictions/nothing/quality", "/predictions"),
                ("/predictions/nothing/figures", "/predictions"),
                ("/predictions/nothing/batches/1", "/predictions"),
                ("/predictions/iris/batches/99999", "/predictions"),
                ("/predictions/members/nobody", "/predictions"),
                ($"/admin/products/{Guid.Empty}", "/admin/products"),
                ("/tour/none", "/tour"),
            }
        )
        {
            var response = await page.GotoAsync(address);
            Assert.Equal(404, response!.Status);
            await Assertions
                .Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 }))
                .ToContainTextAsync("no such");
            // The ways on are those of the page that found nothing.
            await Assertions.Expect(page.Locator("main a.btn").First).ToHaveAttributeAsync("href", way);
        }
    }

    [Fact]
    public async Task Every_service_is_described_where_the_page_of_APIs_says()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.GotoAsync("/");
        await Browser.Follow(
            page,
            () => page.GetByRole(AriaRole.Link, new() { Name = "APIs of all services" }).ClickAsync()
        );
        var addresses = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('main a')].map((link) => link.href)"
        );
        using var http = new HttpClient();

        Assert.Equal(2 * (2 + 1 + 1 + 6), addresses.Length);
        foreach (var address in addresses)
        {
            var text = await http.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken);
            Assert.Contains(
                address.EndsWith("/scalar", StringComparison.Ordinal) ? "scalar" : "\"openapi\"",
                text,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Pages_of_the_list_can_be_gone_through_forth_and_back()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.GotoAsync("/products?sort=price");
        List<string> seen = [await First()];
        for (var n = 0; n < 2; n++)
        {
            await Turn("Next");
            seen.Add(await First());
        }

        Assert.Equal(3, seen.Distinct(StringComparer.Ordinal).Count());
        for (var n = 1; n >= 0; n--)
        {
            await Turn("Previous");
            Assert.Equal(seen[n], await First());
        }

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Previous page" })).ToHaveCountAsync(0);

        Task<string> First() => page.Locator(".product a").First.InnerTextAsync();
        Task Turn(string way) =>
            Browser.Follow(page, () => page.GetByRole(AriaRole.Link, new() { Name = $"{way} page" }).ClickAsync());
    }

    [Fact]
    public async Task A_theme_that_was_chosen_is_kept()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.GotoAsync("/tour");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");
        Assert.EndsWith("/tour", page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");
    }
}
