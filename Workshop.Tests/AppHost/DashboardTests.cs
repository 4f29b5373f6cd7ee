using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>Aspire's dashboard as a person uses it, in a browser.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class DashboardTests(WorkshopFixture fixture)
{
    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task Resources_are_shown_and_a_fault_is_clicked_there()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.Dashboard);
        await page.GotoAsync("/");
        foreach (var name in new[] { "postgres-1", "postgres-2", "registry", "shop-api-1", "consensus", "shop-web" })
        {
            await Assertions.Expect(Row(page, name)).ToContainTextAsync("Running");
        }

        try
        {
            await Command(page, "predictor-bayes", "Pause", "Paused");
            await Command(page, "predictor-bayes", "Resume", "Running");
        }
        finally
        {
            // Other tests have this workshop too, whatever became of the click.
            await Workshop.Command("predictor-bayes", "resume", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_request_is_found_among_the_traces()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(
            new Uri(Workshop.ShopWeb, "/products"),
            TestContext.Current.CancellationToken
        );
        answer.EnsureSuccessStatusCode();
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.Dashboard);
        await page.GotoAsync("/traces");

        await Assertions.Expect(page.GetByText("shop-web: GET /products").First).ToBeVisibleAsync();
    }

    private static ILocator Row(IPage page, string name) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByText(name, new() { Exact = true }) });

    /// <summary>
    /// Clicks a command, once more if nothing came of it: the dashboard loses a click on a menu that it draws anew at that
    /// moment, as it does whenever a state comes in.
    /// </summary>
    private static async Task Command(IPage page, string resource, string command, string state)
    {
        for (var clicks = 1; ; clicks++)
        {
            try
            {
                var soon = new LocatorClickOptions { Timeout = 15_000 };
                await Row(page, resource).GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync(soon);
                await page.GetByRole(AriaRole.Menuitem, new() { Name = "Commands" }).ClickAsync(soon);
                await page.GetByRole(AriaRole.Menuitem, new() { Name = command, Exact = true }).ClickAsync(soon);
                await Assertions.Expect(Row(page, resource)).ToContainTextAsync(state, new() { Timeout = 15_000 });
                return;
            }
            catch (Exception lost) when (lost is PlaywrightException or TimeoutException && clicks < 3)
            {
                await page.ReloadAsync();
            }
        }
    }
}
