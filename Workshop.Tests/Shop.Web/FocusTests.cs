using System.Globalization;
using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>
/// What axe does not look for: a reader with a keyboard sees where they are, in every theme and state, and the Tab key
/// goes the way in which the page is drawn.
/// </summary>
[Collection(WorkshopFixture.Name)]
public sealed class FocusTests(WorkshopFixture fixture)
{
    /// <summary>Least contrast of a ring with what is around it (WCAG 2.2, 1.4.11).</summary>
    private const double LeastContrast = 3;

    /// <summary>More than any of these pages has.</summary>
    private const int MostStops = 200;

    /// <summary>Plain pages, and those where a field is wrong, a choice is pressed, or nothing was found.</summary>
    private static readonly string[] Pages =
    [
        "/",
        "/products?search=kettle",
        "/products?minPrice=cheap",
        "/products?category=Books",
        "/account",
        "/cart",
        "/nowhere",
        "/apis",
        "/admin/products/new",
        "/redundancy",
        "/predictions",
        "/predictions/titanic?age=x",
        "/predictions/ledger",
        "/predictions/join",
        "/tour/b-q7?guess=0",
    ];

    /// <summary>
    /// The contrast of the ring of what has the focus, or of what is around it and shows it, with the ground below it.
    /// </summary>
    private const string Ring = """
        async () => {
          // Where motion is reduced, colours still change within a frame.
          await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
          const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
          const light = (colour) => {
            const [r, g, b] = numbers(colour).map((part) => {
              const s = part / 255;
              return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const colour = getComputedStyle(at).backgroundColor;
              const parts = numbers(colour);
              if (parts.length === 3 || parts[3] === 1) return colour;
            }
            return "rgb(255, 255, 255)";
          };
          const focused = document.activeElement;
          if (!focused || focused === document.body || focused === document.documentElement) return null;
          const name = focused.outerHTML.slice(0, 120);
          for (let at = focused; at && at !== document.body; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) {
              const inside = parseFloat(style.outlineOffset) < 0;
              const [a, b] = [light(style.outlineColor), light(ground(inside ? at : at.parentElement))];
              return `${(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)} ${name}`;
            }
          }
          return `1 ${name}`;
        }
        """;

    /// <summary>
    /// Where two neighbours are not drawn in the order of the document: the second is neither below the first nor beside
    /// it, in the direction in which people read.
    /// </summary>
    private const string OutOfOrder = """
        () => {
          const wrong = [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0)
            .map((one) => `tabindex ${one.outerHTML.slice(0, 100)}`);
          for (const parent of document.querySelectorAll("body, body *")) {
            if (parent.closest("svg")) continue;
            const stops = [...parent.children].filter((child) => {
              const style = getComputedStyle(child);
              // A caption is drawn below its table; it is of the Tab key's concern only where it holds a link.
              if (child.tagName === "CAPTION" && !child.querySelector("a, button")) return false;
              return style.position !== "absolute" && style.position !== "fixed" && style.display !== "contents"
                && child.getClientRects().length > 0 && child.getBoundingClientRect().height > 0;
            });
            for (let at = 1; at < stops.length; at++) {
              const [a, b] = [stops[at - 1].getBoundingClientRect(), stops[at].getBoundingClientRect()];
              if (b.bottom <= a.top + 1 || (b.right <= a.left + 1 && b.top < a.bottom - 1 && b.bottom <= a.bottom + 1)) {
                wrong.push(stops[at].outerHTML.slice(0, 100));
              }
            }
          }
          return wrong;
        }
        """;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_stop_of_the_tab_key_can_be_seen(ColorScheme theme)
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.EmulateMediaAsync(new() { ColorScheme = theme });
        List<string> faint = [];
        foreach (var address in Pages)
        {
            await page.GotoAsync(address);
            var stops = 0;
            for (; stops < MostStops; stops++)
            {
                await page.Keyboard.PressAsync("Tab");
                if (!await HasRing(page, faint))
                {
                    break;
                }
            }

            Assert.True(stops > 5, $"{address} has {stops} stops.");
        }

        Assert.True(faint.Count == 0, string.Join('\n', faint));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_button_under_the_pointer_still_shows_that_it_has_the_focus(ColorScheme theme)
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        await page.EmulateMediaAsync(new() { ColorScheme = theme });
        List<string> faint = [];
        foreach (var address in new[] { "/redundancy", "/admin/products/new", "/predictions" })
        {
            await page.GotoAsync(address);
            var buttons = await page.Locator("main .btn:visible:not([disabled]), .themes button").AllAsync();
            Assert.NotEmpty(buttons);
            foreach (var button in buttons)
            {
                await button.FocusAsync();
                await button.HoverAsync();
                // The keyboard was used last, so that the ring is shown.
                await page.Keyboard.PressAsync("Shift");
                Assert.True(await HasRing(page, faint), $"{address}: a button did not get the focus.");
            }
        }

        Assert.True(faint.Count == 0, string.Join('\n', faint));
    }

    [Fact]
    public async Task The_tab_key_goes_in_the_order_in_which_the_page_is_drawn()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(fixture.Workshop.ShopWeb);
        List<string> wrong = [];
        foreach (var address in Pages)
        {
            await page.GotoAsync(address);
            foreach (var width in new[] { 360, 768, 1280 })
            {
                await page.SetViewportSizeAsync(width, 900);
                wrong.AddRange(
                    (await page.EvaluateAsync<string[]>(OutOfOrder)).Select(found =>
                        $"{address} at {width} px: {found}"
                    )
                );
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Whether something has the focus; adds its ring where it is too faint.</summary>
    private static async Task<bool> HasRing(IPage page, List<string> faint)
    {
        if (await page.EvaluateAsync<string?>(Ring) is not { } stop)
        {
            return false;
        }

        if (Contrast(stop) < LeastContrast)
        {
            faint.Add($"{page.Url}: {stop}");
        }

        return true;
    }

    private static double Contrast(string stop) => double.Parse(stop.Split(' ')[0], CultureInfo.InvariantCulture);
}
