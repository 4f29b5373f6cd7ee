using Deque.AxeCore.Commons;
using LaboratoryBench.Processes;
using Microsoft.Playwright;

namespace Workshop.Tests.Shop.Web;

/// <summary>What holds of every page: no violation that axe knows, in either theme; nothing wider than a small phone.</summary>
internal static class PageJudge
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>All that is on by itself, and the one of WCAG 2.2: what a finger is to hit is 24 px in size.</summary>
    private const string Rules = """{ "rules": { "target-size": { "enabled": true } } }""";

    /// <summary>What another theme can break: colours, not words or sizes.</summary>
    private const string RulesOfColour = """{ "runOnly": ["color-contrast", "link-in-text-block"] }""";

    /// <summary>The violations, and nothing of all that is well: axe's own client for .NET asks for megabytes.</summary>
    private const string Run = """
        async (options) => {
          // Where motion is reduced, colours still change within a frame: of each element, after the one around it.
          const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
          for (let still = 0, n = 0; still < 3 && n < 300; n++) {
            await frame();
            still = document.getAnimations().some((one) => one instanceof CSSTransition) ? 0 : still + 1;
          }
          const { violations } = await axe.run(document, JSON.parse(options));
          const told = ({ html, any }) => `${html} ${any[0]?.message ?? ""}`;
          return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(told).join(" | ")}`);
        }
        """;

    /// <summary>What draws itself anew in another width has done so after some frames.</summary>
    private const string Overflow = """
        async () => {
          for (let n = 0; n < 4; n++) {
            await new Promise((drawn) => requestAnimationFrame(drawn));
          }
          return document.documentElement.scrollWidth - innerWidth;
        }
        """;

    /// <summary>
    /// Looks at the page that is open: wide in both themes, as narrow as the smallest phone, and as wide as a usual one. It is
    /// wide and light again afterwards.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="name">Of its pictures.</param>
    /// <returns>A line for each fault.</returns>
    public static async Task<IReadOnlyList<string>> Faults(IPage page, string name)
    {
        List<string> found = [];
        found.AddRange(await Violations(page, Rules));
        await Browser.Keep(page, $"{name}-1280-light");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        found.AddRange(await Violations(page, RulesOfColour));
        await Browser.Keep(page, $"{name}-1280-dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        await page.SetViewportSizeAsync(320, 700);
        var overflow = await page.EvaluateAsync<int>(Overflow);
        if (overflow > 0)
        {
            found.Add($"{overflow} px wider than a window of 320 px");
        }

        await page.SetViewportSizeAsync(360, 700);
        await Browser.Keep(page, $"{name}-360-light");
        await page.SetViewportSizeAsync(1280, 900);
        return [.. found.Select(fault => $"{name}: {fault}")];
    }

    /// <summary>Each time with an axe of its own: one that has looked keeps the colours that it saw.</summary>
    private static async Task<string[]> Violations(IPage page, string rules)
    {
        await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>(Run, rules);
    }
}
