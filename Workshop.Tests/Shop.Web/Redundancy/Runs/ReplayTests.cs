using System.Globalization;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shop.Web.Redundancy.Runs;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>A finished run in slow motion: slider, keys, picture, marks and list go together.</summary>
public sealed class ReplayTests
{
    private const string At = "[data-replay-at]";

    [Fact]
    public async Task Arrows_go_from_step_to_step_and_picture_marks_and_list_go_along()
    {
        await using var storefront = Storefront();
        await using var browser = await Browser.Start();
        var page = await browser.Open(storefront.Address);
        await page.GotoAsync("/redundancy/runs/1");
        // A little before the fault.
        await Assertions.Expect(page.Locator(At)).ToHaveTextAsync("4.750 s");
        await State(page, "up", "primary");
        await Assertions
            .Expect(page.Locator("[data-replay-figures]"))
            .ToHaveTextAsync(
                "40 confirmed, 0 waiting, 0 without an answer; 19 naive confirmed, 1 waiting, 0 without an answer"
            );

        await page.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(page.Locator(At)).ToHaveTextAsync("5.050 s");
        await Assertions.Expect(page.Locator("[data-replay-phase]")).ToHaveTextAsync(RunBands.Detect);
        await State(page, "down", "none");
        await Assertions
            .Expect(page.Locator("[data-wire='shop-api-1 postgres-1']"))
            .ToHaveAttributeAsync("data-flow", "broken");
        var current = page.Locator("[data-replay-journal] [aria-current]");
        await Assertions.Expect(current).ToContainTextAsync("detect: the old primary is silent");
        var (line, shown) = await Cursor(page);
        Assert.Equal(70 + (880 * 5050 / 35_200.0), line, 1);
        Assert.Equal(line + 4, shown, 1);

        for (var step = 0; step < 5; step++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await Assertions.Expect(page.Locator(At)).ToHaveTextAsync("9.000 s");
        await State(page, "up", "standby");
        await Assertions
            .Expect(page.Locator("[data-replay-figures]"))
            .ToContainTextAsync("43 confirmed, 1 waiting, 0 without an answer");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator(At)).ToHaveTextAsync("5.430 s");
        await Browser.Keep(page, "replay-1280-light");
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task The_space_key_plays_and_pauses_at_the_chosen_speed()
    {
        await using var storefront = Storefront();
        await using var browser = await Browser.Start();
        var page = await browser.Open(storefront.Address);
        await page.GotoAsync("/redundancy/runs/1");
        await page.GetByLabel("Speed").SelectOptionAsync("50");
        await page.GetByLabel("Moment of the run").FocusAsync();

        await page.Keyboard.PressAsync(" ");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        await page.WaitForTimeoutAsync(1500);
        await page.Keyboard.PressAsync(" ");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync();
        var seen = double.Parse((await page.InnerTextAsync(At)).Split(' ')[0], CultureInfo.InvariantCulture);
        // A second and a half at 1/50 is 30 ms; a busy machine takes longer to press a key.
        Assert.InRange(seen, 4.77, 5.3);
        await page.GetByLabel("Moment of the run").FillAsync("6010");
        await Assertions.Expect(page.Locator(At)).ToHaveTextAsync("6.010 s");
        await Assertions.Expect(page.Locator("[data-replay-figures]")).ToContainTextAsync("43 confirmed, 2 waiting");
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Traffic_moves_along_the_wires_unless_the_reader_wants_no_motion()
    {
        await using var storefront = Storefront();
        await using var browser = await Browser.Start();
        var page = await browser.Open(storefront.Address);
        await page.GotoAsync("/redundancy/runs/1");
        const string Wire = ".picture [data-wire='shop-api-1 postgres-1']";
        await Assertions.Expect(page.Locator(Wire)).ToHaveAttributeAsync("data-flow", "moving");
        const string Motion = "wire => getComputedStyle(document.querySelector(wire)).animationName";

        Assert.Equal("none", await page.EvaluateAsync<string>(Motion, Wire));
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });

        Assert.Equal("traffic", await page.EvaluateAsync<string>(Motion, Wire));
    }

    [Fact]
    public async Task Without_script_the_page_has_the_picture_and_the_steps_and_no_dead_controls()
    {
        await using var storefront = Storefront();
        await using var browser = await Browser.Start();
        var page = await browser.Open(storefront.Address, script: false);
        await page.GotoAsync("/redundancy/runs/1");

        await Assertions.Expect(page.GetByTestId("run-picture")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-replay-controls]")).ToBeHiddenAsync();
        await page.GetByText("steps as a list").ClickAsync();
        await Assertions.Expect(page.GetByText("5.050 s postgres-1 was killed.")).ToBeVisibleAsync();
    }

    private static StorefrontServer Storefront()
    {
        var storefront = new StorefrontServer();
        storefront.Services.GetRequiredService<RunFolder>().Add(number => RunSample.WithNaive(number));
        return storefront;
    }

    private static async Task State(IPage page, string state, string role)
    {
        var node = page.Locator("svg.picture [data-node='postgres-1']");
        await Assertions.Expect(node).ToHaveAttributeAsync("data-state", state);
        await Assertions.Expect(node).ToHaveAttributeAsync("data-role", role);
    }

    /// <summary>Where the line stands in the picture of the run, and up to where marks are drawn.</summary>
    private static async Task<(double Line, double Shown)> Cursor(IPage page)
    {
        var both = await page.EvaluateAsync<double[]>(
            """
            () => {
              const svg = document.querySelector("svg.run");
              const line = svg.querySelector(".cursor").transform.baseVal[0].matrix.e;
              return [line, svg.querySelector("clipPath rect").width.baseVal.value];
            }
            """
        );
        return (both[0], both[1]);
    }
}
