using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>What a plot shows can be had without seeing it: a sentence that names its figures, and a table of them.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class PlotTests(WorkshopFixture fixture)
{
    /// <summary>Plots of a page without a name that says a figure, or without a table beside them or a link to one.</summary>
    private const string Mute = """
        () => [...document.querySelectorAll("main svg[role='img'], main [data-plot]")].flatMap((plot) => {
          const wrong = [];
          const label = plot.getAttribute("aria-label") ?? "";
          if (plot.getAttribute("role") !== "img" || label.length < 20) {
            wrong.push(`no sentence: ${plot.outerHTML.slice(0, 120)}`);
          }
          const around = plot.closest("[data-plots], figure, section");
          if (!around?.querySelector("table, ul.parts, [data-figures]") && !around?.parentElement.querySelector("table")) {
            wrong.push(`no table: ${plot.outerHTML.slice(0, 120)}`);
          }
          return wrong;
        })
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_plot_has_a_sentence_and_a_table()
    {
        await BatchSteps.Run(fixture.Workshop, ["titanic", "housing"], Ct);
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        List<string> mute = [];
        foreach (
            var (address, plots) in new[]
            {
                ("/redundancy", 4),
                ("/predictions/titanic", 6 * 5),
                ("/predictions/titanic/quality", 1),
                ("/predictions/housing/quality", 1),
                ("/predictions/evaluation", 3),
            }
        )
        {
            await page.GotoAsync(address);
            var seen = await page.Locator("main svg[role='img'], main [data-plot]").CountAsync();
            Assert.True(seen >= plots, $"{address} has {seen} plots.");
            mute.AddRange((await page.EvaluateAsync<string[]>(Mute)).Select(found => $"{address}: {found}"));
        }

        Assert.Empty(mute);
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task The_table_of_the_live_plots_fills_while_it_is_open()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.GotoAsync("/redundancy");
        await page.GetByText("The same as a table").ClickAsync();

        await page.WaitForFunctionAsync("() => document.querySelectorAll('[data-figures] tbody tr').length > 2");
        var lag = await page.Locator("[data-plot=lag]").GetAttributeAsync("aria-label");

        Assert.Matches(
            "^Lag of the standby in milliseconds: now [0-9.]+; lowest [0-9.]+ at .*, highest [0-9.]+ at ",
            lag
        );
    }
}
