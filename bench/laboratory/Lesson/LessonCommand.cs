using System.Globalization;
using System.Security.Cryptography;
using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Shop.Web.Tour;

namespace LaboratoryBench.Lesson;

/// <summary>
/// A lesson given by a script in a browser: every tick of the questions' pages is earned on the pages themselves, and each
/// step leaves a picture. Workshops of its own: a synchronous one, and an asynchronous one for the last question.
/// </summary>
internal sealed class LessonCommand : IAsyncDisposable
{
    private const string Sample = "node samples/node-predictor/app.js --port 5301";

    /// <summary>Rounds of batches until somebody was jailed or ejected; a few are enough.</summary>
    private const int MostRounds = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string joinToken = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly WorkshopProcess workshop;
    private readonly Browser browser;
    private readonly string folder;
    private IPage page = default!;
    private int step;

    private LessonCommand(Browser browser, string folder, string storage)
    {
        (this.browser, this.folder) = (browser, folder);
        workshop = WorkshopProcess.Launch(
            ["--storage", storage, "--ephemeral"],
            environment: new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Parameters__join-token"] = joinToken,
            }
        );
    }

    /// <summary>Gives the lesson; the pictures go into the folder that the first argument names.</summary>
    /// <returns>0 where every tick was earned.</returns>
    internal static async Task<int> Run(string[] args)
    {
        if (args is not [var folder])
        {
            await Console.Error.WriteLineAsync("lesson: the folder to write to is wanted: lesson FOLDER");
            return 2;
        }

        Directory.CreateDirectory(folder);
        await using var chromium = await Browser.Start();
        List<string> missing = [];
        await using (var lesson = new LessonCommand(chromium, folder, "synchronous"))
        {
            await lesson.Begin();
            await lesson.Predict();
            await lesson.Shop();
            missing.AddRange(await lesson.Missing(Question.All.SkipLast(1)));
        }

        await using (var lesson = new LessonCommand(chromium, folder, "asynchronous") { step = 50 })
        {
            await lesson.Begin();
            await lesson.RunOfBuyers("No fault");
            missing.AddRange(await lesson.Missing(Question.All.TakeLast(1)));
        }

        missing.ForEach(Console.WriteLine);
        Console.WriteLine(missing.Count == 0 ? "Every tick was earned." : "Not every tick was earned.");
        return missing.Count == 0 ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        if (page is IAsyncDisposable open)
        {
            await open.DisposeAsync();
        }

        await workshop.DisposeAsync();
    }

    private async Task Begin()
    {
        await workshop.WaitUntilHealthy(CancellationToken.None);
        page = await browser.Open(workshop.ShopWeb);
    }

    /// <summary>Many models, weights, a traitor and what it costs, and a ledger that shows any change.</summary>
    private async Task Predict()
    {
        await page.GotoAsync("/tour/a-q1?guess=1");
        await Keep("one-question-many-models");
        await using var sample = await SampleProcess.Start(Sample, data: null, CancellationToken.None);
        await Join(sample.Url);
        await RunBatches(rounds: 1);
        // Examples with their truth come from batches.
        await page.GotoAsync("/predictions/titanic/another");
        await Assertions.Expect(page.GetByTestId("truth")).ToBeVisibleAsync();
        await Keep("all-members-asked");
        await page.GotoAsync("/predictions/evaluation");
        await Keep("average-and-consensus-without-attackers");

        await page.GotoAsync("/tour/a-q5?guess=1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Let the sleeper in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("sleeper has started")).ToBeVisibleAsync();
        await Keep("the-sleeper-is-let-in");
        await Eventually.Holds(IsThere, CancellationToken.None);
        for (var round = 0; round < MostRounds && !await Holds("a-q5"); round++)
        {
            await RunBatches(rounds: 1);
        }

        await page.GotoAsync("/predictions/titanic");
        await Keep("the-sleeper-has-fallen");
        await page.GotoAsync("/predictions/evaluation");
        await Keep("with-and-without-attackers");
        await page.GotoAsync("/predictions/titanic/quality");
        await Keep("where-it-goes-wrong");
        await page.GotoAsync("/predictions/ledger?look=rehash");
        await Keep("a-changed-ledger");

        async Task<bool> IsThere()
        {
            await page.GotoAsync("/predictions");
            return await page.GetByTestId("members").GetByText("sleeper", new() { Exact = true }).IsVisibleAsync();
        }
    }

    private async Task Join(string url)
    {
        await page.GotoAsync("/predictions/join");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("mine");
        await page.GetByLabel("Address").FillAsync(url);
        await page.GetByLabel("What it answers").SelectOptionAsync("titanic");
        await page.GetByLabel("Claimed accuracy").FillAsync("0.9");
        await page.GetByLabel("Join token").FillAsync(joinToken);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask it one row, and join" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("joined")).ToBeVisibleAsync();
        await Keep("my-own-predictor-has-joined", masked: page.GetByTestId("member-token"));
    }

    /// <summary>Presses the button of the question about weights, and looks on.</summary>
    private async Task RunBatches(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await page.GotoAsync("/tour/a-q4?guess=1");
            await page.GetByRole(AriaRole.Button, new() { Name = "Run 20 batches of titanic" }).ClickAsync();
            await Keep("batches-under-way");
            await Assertions
                .Expect(page.GetByTestId("story"))
                .ToContainTextAsync("Ran 20 batches.", new() { Timeout = (float)Patience.TotalMilliseconds });
            await Keep("what-the-batches-did");
        }
    }

    /// <summary>A purchase, a killed server and a killed primary while customers buy.</summary>
    private async Task Shop()
    {
        await PurchaseSteps.PutInCart(page);
        await page.GotoAsync("/checkout");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("order-status")).ToHaveTextAsync("confirmed");
        await Keep("an-order-and-where-it-is-stored");
        await RunOfBuyers("Kill shop-api-1", withNaive: true);
        await workshop.Command("shop-api-1", "start", CancellationToken.None);
        await RunOfBuyers("Kill the primary database");
    }

    /// <summary>Customers buy while something is broken; the run's own page is the picture.</summary>
    private async Task RunOfBuyers(string fault, bool withNaive = false)
    {
        await page.GotoAsync("/redundancy");
        await page.GetByLabel("Orders per second").FillAsync("10");
        await page.GetByLabel("Seconds", new() { Exact = true }).FillAsync("12");
        await page.GetByLabel("Fault", new() { Exact = true }).SelectOptionAsync(fault);
        await page.GetByLabel("Buyers", new() { Exact = true }).SelectOptionAsync(withNaive ? "both" : "resilient");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await page.WaitForURLAsync("**/redundancy/runs/*", new() { Timeout = (float)Patience.TotalMilliseconds });
        await Keep($"run-{fault.ToLowerInvariant().Replace(' ', '-')}");
    }

    /// <summary>Opens each question's page, keeps a picture, and reads which ticks are not there.</summary>
    private async Task<List<string>> Missing(IEnumerable<Question> questions)
    {
        List<string> missing = [];
        foreach (var question in questions)
        {
            // Some of it takes a moment, such as a server that comes back.
            for (var look = 0; look < MostRounds && !await Holds(question.Id); look++)
            {
                await Task.Delay(TimeSpan.FromSeconds(2));
            }

            await Keep($"question-{question.Id}");
            var held = await page.Locator("[data-testid=ticks] li[data-holds=true]").CountAsync();
            Console.WriteLine($"{question.Number}: {held} of {question.Ticks.Count}");
            missing.AddRange(
                (await page.Locator("[data-testid=ticks] li[data-holds=false]").AllInnerTextsAsync()).Select(tick =>
                    $"{question.Number}: {tick}"
                )
            );
        }

        return missing;
    }

    /// <summary>Whether all ticks of a question are there.</summary>
    private async Task<bool> Holds(string question)
    {
        await page.GotoAsync($"/tour/{question}?guess=1");
        return await page.Locator("[data-testid=ticks] li[data-holds=false]").CountAsync() == 0;
    }

    private async Task Keep(string name, ILocator? masked = null)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"{++step:00}-{name}.png");
        await page.ScreenshotAsync(
            new()
            {
                Path = Path.Combine(folder, file),
                FullPage = true,
                Mask = masked is null ? [] : [masked],
            }
        );
    }
}
