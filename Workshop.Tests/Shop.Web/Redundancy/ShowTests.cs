using System.Net;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Redundancy;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy;

/// <summary>The laboratory for a projector: which wires live, how phones get in, and who bought during a fault.</summary>
public sealed class ShowTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_way_in_for_others_the_show_has_a_code_for_phones()
    {
        await using var shop = await StubShop.Start();
        await using var open = shop.Storefront(("Workshop:LanHost", "192.0.2.7"));
        await using var closed = shop.Storefront();

        Assert.Contains("aria-label=\"QR code of http://192.0.2.7:8080\"", await Show(open), StringComparison.Ordinal);
        Assert.DoesNotContain("QR code", await Show(closed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wires_to_the_dead_are_broken_and_the_log_goes_from_the_primary_to_a_standby_that_lives()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        await storefront.UntilSeen(Ct);
        var well = await Show(storefront);
        shop.States["postgres-2"] = "Exited";
        shop.States["shop-api-1"] = "Paused";
        await using var later = shop.Storefront();
        await later.UntilSeen(Ct);
        var broken = await Show(later);

        Assert.Equal("idle", Flow(well, "postgres-1 postgres-2"));
        Assert.Equal("absent", Flow(well, "postgres-2 postgres-1"));
        Assert.Equal("idle", Flow(well, "shop-web shop-api-1"));
        Assert.Equal("absent", Flow(broken, "postgres-1 postgres-2"));
        Assert.Equal("broken", Flow(broken, "shop-web shop-api-1"));
        Assert.Equal("broken", Flow(broken, "shop-api-2 postgres-2"));
        Assert.Equal("idle", Flow(broken, "shop-api-2 postgres-1"));
    }

    [Fact]
    public async Task People_who_buy_while_something_is_broken_are_counted_once_each_until_all_is_well()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        var window = storefront.Services.GetRequiredService<FaultWindow>();
        window.Bought("early");
        Assert.Null(window.People);
        shop.States["postgres-1"] = "Exited";

        window.Open();
        window.Bought("ada");
        window.Bought("ada");
        await Task.Delay(TimeSpan.FromSeconds(3), Ct);
        window.Bought("bob");
        Assert.Equal(2, window.People);
        Assert.Contains("data-number=\"people\">2<", await Show(storefront), StringComparison.Ordinal);
        shop.States.Clear();
        await Eventually.Holds(() => Task.FromResult(!window.IsOpen), Ct);
        window.Bought("late");

        Assert.Equal(2, window.People);
        window.Open();
        Assert.Equal(0, window.People);
    }

    [Fact]
    public async Task A_button_that_breaks_something_begins_the_count_and_one_that_mends_does_not()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var browser = storefront.Browser();
        var window = storefront.Services.GetRequiredService<FaultWindow>();

        await Press(browser, "shop-api-1", "start");
        Assert.Null(window.People);
        await Press(browser, "shop-api-1", "kill");

        Assert.Equal(0, window.People);
        Assert.Equal(["start shop-api-1", "kill shop-api-1"], shop.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_fault_at_the_projector_keeps_the_plan()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var browser = storefront.Browser();
        var stage = new Uri("/redundancy?show=1&rate=50&seconds=60&buyers=both", UriKind.Relative);
        var form = StorefrontServer.Form(await browser.GetStringAsync(stage, Ct), "/redundancy/faults");

        form["command"] = "kill";
        var (_, page, _) = await StorefrontServer.Post(browser, "/redundancy/faults", form, Ct);

        var next = StorefrontServer.Form(page, "/redundancy/buyers");
        Assert.Equal(("50", "60", "both"), (next["rate"], next["seconds"], next["buyers"]));
    }

    private static async Task Press(HttpClient browser, string resource, string command)
    {
        var page = await browser.GetStringAsync(new Uri("/redundancy", UriKind.Relative), Ct);
        var form = StorefrontServer.Form(page, "/redundancy/faults");
        (form["resource"], form["command"]) = (resource, command);
        var (status, _, _) = await StorefrontServer.Post(browser, "/redundancy/faults", form, Ct);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private static async Task<string> Show(StorefrontServer storefront)
    {
        using var browser = storefront.Browser();
        return await browser.GetStringAsync(new Uri("/redundancy?show=1", UriKind.Relative), Ct);
    }

    private static string Flow(string page, string wire)
    {
        var at = page.IndexOf($"data-wire=\"{wire}\" data-flow=\"", StringComparison.Ordinal);
        Assert.True(at >= 0, $"There is no wire {wire}.");
        return page[at..].Split('"')[3];
    }
}
