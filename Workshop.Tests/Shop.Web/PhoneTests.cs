using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>The shop in one hand: a small screen, a finger, and no patience.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class PhoneTests(WorkshopFixture fixture)
{
    private const int Width = 360;
    private const int Height = 740;

    /// <summary>From the home page to the confirmed order, typing aside.</summary>
    private const int MostTaps = 8;

    [Fact]
    public async Task A_purchase_takes_at_most_eight_taps_and_what_was_searched_for_is_on_the_first_screen()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb, width: Width, touch: true);
        await page.SetViewportSizeAsync(Width, Height);
        await page.GotoAsync("/");
        var taps = 0;

        await Tap(page.GetByLabel("Search the shop"));
        await page.Keyboard.TypeAsync("notebook");
        await Tap(page.GetByRole(AriaRole.Button, new() { Name = "Search" }));
        var found = page.Locator(".product a").First;
        await Assertions.Expect(found).ToBeVisibleAsync();
        await Browser.Keep(page, "phone-search-360-light");
        var box = await found.BoundingBoxAsync();
        Assert.True(
            box!.Y + box.Height <= Height,
            FormattableString.Invariant($"The first result ends at {box.Y + box.Height} px of {Height}.")
        );
        await Tap(found);
        var add = page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" });
        box = await add.BoundingBoxAsync();
        Assert.True(
            box!.Y + box.Height <= Height,
            FormattableString.Invariant($"\"Add to cart\" ends at {box.Y + box.Height} px of {Height}.")
        );
        await Tap(add);
        await Tap(page.GetByRole(AriaRole.Button, new() { Name = "One more" }));
        await Assertions.Expect(page.Locator(".stepper input[inputmode]")).ToHaveValueAsync("2");
        await Tap(page.GetByRole(AriaRole.Link, new() { Name = "Go to checkout" }));
        await Tap(page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }));

        await Assertions.Expect(page.GetByTestId("order-status")).ToHaveTextAsync("confirmed");
        // A page does not wait for long to be told; on a busy machine it says so, and asks to be loaded again.
        await Eventually.Holds(
            async () =>
            {
                var isThere = await page.GetByTestId("stored").GetByText("(standby)").CountAsync() > 0;
                return isThere || (await page.ReloadAsync() is null);
            },
            TestContext.Current.CancellationToken
        );
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("shop-api-");
        await Browser.Keep(page, "phone-order-360-light");
        Assert.True(taps <= MostTaps, $"{taps} taps.");
        Assert.Empty(browser.Errors);

        async Task Tap(ILocator target)
        {
            await target.TapAsync();
            taps++;
        }
    }
}
