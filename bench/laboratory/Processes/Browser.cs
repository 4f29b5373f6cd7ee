using System.Diagnostics;
using Microsoft.Playwright;

namespace LaboratoryBench.Processes;

/// <summary>
/// Debian's Chromium, driven by Playwright. Every page that is opened here keeps its console errors, and a test ends by
/// asking that there were none.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    /// <summary>How long a page may take to show what is expected: it has two cores together with a dozen services.</summary>
    private const float PatienceMilliseconds = 60_000;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly List<string> errors = [];

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>Errors of the console and scripts that broke, over all pages.</summary>
    public IReadOnlyList<string> Errors => errors;

    /// <summary>Starts a browser.</summary>
    public static async Task<Browser> Start()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        var driver = await Playwright.CreateAsync();
        var chromium = await driver.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Find(),
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
            }
        );
        return new(driver, chromium);
    }

    /// <summary>A page of a reader of its own, with cookies of its own.</summary>
    /// <param name="site">Where relative addresses lead.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="script">Whether JavaScript runs.</param>
    /// <param name="touch">Whether the reader has a finger for a pointer.</param>
    public async Task<IPage> Open(Uri site, int width = 1280, bool script = true, bool touch = false)
    {
        var context = await browser.NewContextAsync(
            new()
            {
                BaseURL = site.ToString(),
                ViewportSize = new() { Width = width, Height = 900 },
                JavaScriptEnabled = script,
                ColorScheme = ColorScheme.Light,
                ReducedMotion = ReducedMotion.Reduce,
                HasTouch = touch,
                IsMobile = touch,
            }
        );
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(PatienceMilliseconds);
        page.SetDefaultNavigationTimeout(PatienceMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                errors.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => errors.Add($"{page.Url}: {error}");
        return page;
    }

    /// <summary>
    /// Does what leads to another page, and waits until that one is whole. The page that is left carries a mark, so that
    /// neither an address that stays the same nor an event that came early can deceive.
    /// </summary>
    public static async Task Follow(IPage page, Func<Task> act)
    {
        await page.EvaluateAsync("() => { window.left = true; }");
        await act();
        await page.WaitForFunctionAsync("() => !window.left && document.readyState === 'complete'");
    }

    /// <summary>
    /// Keeps a picture of the whole page in the folder that <c>WORKSHOP_PICTURES</c> names; where it names none nobody would
    /// look, and nothing is kept.
    /// </summary>
    public static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("WORKSHOP_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static string Find() =>
        Array.Find([Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "", .. Places], File.Exists)
        ?? throw new UnreachableException(
            $"No Chromium at {string.Join(", ", Places)}: apt-get install chromium, or set CHROMIUM_PATH."
        );
}
