using LaboratoryBench.Processes;
using Microsoft.Playwright;

namespace LaboratoryBench.Pictures;

/// <summary>Takes the pictures of the dashboard that the documents show, from a running workshop of its own.</summary>
internal static class PicturesCommand
{
    private const int Width = 1400;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Each page of the dashboard with the words by which it is known to be there.</summary>
    private static readonly (string Name, string Address, string Words)[] Pages =
    [
        ("dashboard", "/", "shop-web"),
        ("dashboard-graph", "/?view=Graph", "shop-web"),
        ("dashboard-traces", "/traces", "shop-web: GET"),
    ];

    /// <summary>Writes them into the folder that the first argument names.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> Run(string[] args)
    {
        if (args is not [var folder])
        {
            await Console.Error.WriteLineAsync("pictures: the folder to write to is wanted: pictures FOLDER");
            return 2;
        }

        await using var workshop = await WorkshopProcess.Start(CancellationToken.None);
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(workshop.ShopWeb, "/products"));
        await using var browser = await Browser.Start();
        var page = await browser.Open(workshop.Dashboard, Width);
        foreach (var (name, address, words) in Pages)
        {
            await page.GotoAsync(address);
            await Assertions.Expect(page.GetByText(words).First).ToBeVisibleAsync();
            await Task.Delay(Settling);
            var path = Path.Combine(folder, name + ".png");
            // Where the programs lie on this machine is nobody's business.
            await page.ScreenshotAsync(new() { Path = path, Mask = [page.GetByText("bash /")] });
            Console.WriteLine(path);
        }

        return 0;
    }
}
