using System.Net;
using LaboratoryBench.Processes;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Registry;
using Workshop.Tests.Registry.Conductor;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Modes;

/// <summary>The buttons of the redundancy page, before a real conductor.</summary>
public sealed class ModeFormTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_button_changes_the_mode_and_the_page_shows_the_way_there()
    {
        await using var scene = await Scene.Start(postgres);
        await using var storefront = new StorefrontServer(
            ("services:registry:http:0", scene.Registry.Address),
            (AccessTokens.OperatorKey, RegistryServer.Token)
        );
        using var browser = storefront.Browser();

        var changed = await Press(browser, "asynchronous");
        Assert.Contains("The storage mode changes to asynchronous.", changed, StringComparison.Ordinal);
        await scene.Until(view => view is { Mode: "asynchronous", Change: null }, "asynchronous is in force");

        // A standby that cannot be had: what is waited for stands on the page.
        scene.Host.IsStubborn = true;
        await scene.Pair.Second.Kill(Ct);
        await scene.Until(view => view.Standby is null, "no standby");
        await Press(browser, "synchronous");
        await Eventually.Holds(
            async () =>
                (await browser.GetStringAsync(new Uri("/redundancy", UriKind.Relative), Ct)).Contains(
                    "asynchronous is in force, synchronous is wanted since ",
                    StringComparison.Ordinal
                ),
            Ct
        );

        Assert.Contains("There is no such storage mode.", await Press(browser, "floppy"), StringComparison.Ordinal);
    }

    private static async Task<string> Press(HttpClient browser, string mode)
    {
        var page = await browser.GetStringAsync(new Uri("/redundancy", UriKind.Relative), Ct);
        var form = StorefrontServer.Form(page, "/redundancy/mode");
        form["mode"] = mode;
        var (status, after, _) = await StorefrontServer.Post(browser, "/redundancy/mode", form, Ct);
        Assert.Equal(HttpStatusCode.OK, status);
        return after;
    }
}
