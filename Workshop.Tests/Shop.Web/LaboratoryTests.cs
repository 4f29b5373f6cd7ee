using LaboratoryBench.Processes;
using Microsoft.Playwright;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>The main path of each laboratory, in a real browser, through the whole workshop.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class LaboratoryTests(WorkshopFixture fixture)
{
    private WorkshopProcess Workshop => fixture.Workshop;

    [Fact]
    public async Task Buyers_buy_while_a_server_is_killed_and_every_order_is_found_once()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/redundancy");
        await page.GetByLabel("Orders per second").FillAsync("5");
        await page.GetByLabel("Seconds", new() { Exact = true }).FillAsync("6");
        await page.GetByLabel("Fault", new() { Exact = true }).SelectOptionAsync("Kill shop-api-1");
        await page.GetByLabel("Buyers", new() { Exact = true }).SelectOptionAsync("both");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await Assertions
            .Expect(page.GetByTestId("verdict"))
            .ToHaveTextAsync("All 30 confirmed orders found: none lost, none duplicated.", new() { Timeout = 180_000 });
        Assert.Matches("/redundancy/runs/[0-9]+$", page.Url);
        await Assertions.Expect(page.GetByTestId("run-picture")).ToBeVisibleAsync();
        var drawn = await page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('.run .marks')].reduce((sum, marks) => sum + Number(marks.dataset.count), 0)"
        );
        // As many naive ones, whose one server was killed: some got nothing, and the shop's word holds all the same.
        Assert.Equal(30 + 30, drawn);
        var failed = await page.GetByTestId("naive-failed").InnerTextAsync();
        Assert.EndsWith(" of 30 got an error or no answer.", failed, StringComparison.Ordinal);
        Assert.InRange(int.Parse(failed.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), 1, 29);
        await Assertions.Expect(page.GetByTestId("naive-broken")).ToHaveCountAsync(0);
        await Browser.Keep(page, "run-of-buyers-1280-light");
        await page.GotoAsync("/redundancy");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start shop-api-1" }).ClickAsync();
        // The host answers when the server is healthy again, and that takes a cold start.
        await Assertions.Expect(page.GetByText("shop-api-1 is started.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("li[data-node='shop-api-1']")).ToHaveAttributeAsync("data-state", "up");
        await Assertions.Expect(page.Locator("[data-plot='orders'] canvas")).ToBeVisibleAsync();
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task A_plan_of_faults_is_carried_out_kept_with_its_run_and_can_be_run_again()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/redundancy?rate=2&seconds=6&fault=pause-server-2&at=1&back=2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await page.WaitForURLAsync("**/redundancy/runs/*", new() { Timeout = 90_000 });
        var first = page.Url;
        const string Plan = "Freeze shop-api-2 at 1 s, put right 2 s later";
        await Assertions.Expect(page.GetByTestId("plan")).ToHaveTextAsync(Plan);

        await page.GetByRole(AriaRole.Button, new() { Name = "Run it again" }).ClickAsync();
        await page.WaitForURLAsync(
            address =>
                address.Contains("/runs/", StringComparison.Ordinal)
                && !string.Equals(address, first, StringComparison.Ordinal),
            new() { Timeout = 90_000 }
        );

        await Assertions.Expect(page.GetByTestId("plan")).ToHaveTextAsync(Plan);
        await Assertions
            .Expect(page.GetByTestId("verdict"))
            .ToHaveTextAsync("All 12 confirmed orders found: none lost, none duplicated.");
        await Assertions
            .Expect(page.Locator(".run .fault-label"))
            .ToHaveTextAsync(["pause shop-api-2", "resume shop-api-2"]);
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Buyers_are_rerouted_around_a_cut_wire_and_a_conductor_that_is_cut_off_fails_over()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        try
        {
            await page.GotoAsync(
                "/redundancy?rate=4&seconds=20&fault=cut-server-1&at=1&back=2&fault2=cut-conductor&at2=5&back2=12"
            );
            await page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
            await page.WaitForURLAsync("**/redundancy/runs/*", new() { Timeout = 120_000 });
            await Assertions
                .Expect(page.GetByTestId("verdict"))
                .ToHaveTextAsync("All 80 confirmed orders found: none lost, none duplicated.");
            await Assertions.Expect(page.GetByTestId("rto")).ToBeVisibleAsync();
            await Assertions
                .Expect(page.Locator(".run .fault-label").Filter(new() { HasTextString = "cut conductor–postgres" }))
                .ToHaveCountAsync(1);
            await Browser.Keep(page, "run-of-cut-wires-1280-light");
            using var client = new HttpClient { BaseAddress = Workshop.Registry };
            var wires = await client.GetStringAsync(
                new Uri("/conductor/wires", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            Assert.Equal("[]", wires);
            Assert.Empty(browser.Errors);
        }
        finally
        {
            await Workshop.RepairAll(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task One_experiment_in_three_storage_modes_ends_as_three_pictures_and_in_the_mode_of_before()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        try
        {
            await page.GotoAsync("/redundancy?rate=4&seconds=8&fault=kill-primary&at=2&back=3");
            await Assertions.Expect(page.Locator("[data-field=mode]")).Not.ToHaveTextAsync("unknown");
            var before = await page.Locator("[data-field=mode]").InnerTextAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Compare the three modes" }).ClickAsync();
            await page.WaitForURLAsync("**/redundancy/comparisons/*");
            await Assertions.Expect(page.GetByTestId("run-picture")).ToHaveCountAsync(3, new() { Timeout = 300_000 });
            await Assertions
                .Expect(page.GetByRole(AriaRole.Progressbar))
                .ToHaveCountAsync(0, new() { Timeout = 90_000 });
            await Browser.Keep(page, "comparison-of-modes-1280-light");
            foreach (var mode in new[] { "basic", "asynchronous", "synchronous" })
            {
                await Assertions
                    .Expect(page.Locator($"[data-mode={mode}] .fault-label").First)
                    .ToContainTextAsync("kill");
            }

            // What asynchronous mode may lose is its lag; the others lose nothing.
            var lost = await page.GetByTestId("runs").Locator("td[data-label=Lost]").AllInnerTextsAsync();
            Assert.Equal(["0", "0"], [lost[0], lost[2]]);
            await page.GotoAsync("/redundancy");
            await Assertions.Expect(page.Locator("[data-field=mode]")).ToHaveTextAsync(before);
            Assert.Empty(browser.Errors);
        }
        finally
        {
            await Workshop.RepairAll(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_show_fits_a_projector_and_is_run_by_keys()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.SetViewportSizeAsync(1280, 720);
        await page.GotoAsync("/redundancy?show=1&rate=5&seconds=3");
        await Fits();

        await page.Keyboard.PressAsync("s");

        await Assertions.Expect(page.Locator("[data-number=confirmed]")).ToHaveTextAsync("15");
        await Assertions.Expect(page.GetByTestId("run-picture")).ToBeVisibleAsync();
        await Fits();
        await Browser.Keep(page, "show-after-a-run-1280-light");
        // The page came anew when the run ended, and hears no key before its scripts run.
        await Eventually.Holds(
            async () =>
            {
                await page.Keyboard.PressAsync("Escape");
                return page.Url.EndsWith("/redundancy", StringComparison.Ordinal);
            },
            TestContext.Current.CancellationToken,
            pause: TimeSpan.FromSeconds(1)
        );
        Assert.Empty(browser.Errors);

        async Task Fits() =>
            Assert.Equal(
                0,
                await page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollHeight - innerHeight)")
            );
    }

    [Fact]
    public async Task A_question_is_asked_batches_are_run_and_a_changed_ledger_shows_where()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/predictions/iris?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2");
        await Assertions.Expect(page.GetByTestId("answer")).ToContainTextAsync("setosa");
        await page.GetByLabel("petal width").FillAsync("-3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask all members" }).ClickAsync();
        await Assertions.Expect(page.Locator("#petalWidth-error")).Not.ToBeEmptyAsync();

        await page.GetByLabel("Batches to run").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run batches" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("story")).ToContainTextAsync("Ran 2 batches.");
        await Assertions.Expect(page.GetByTestId("strips").Locator("svg").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Batch 0" }).ClickAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Batch 0 of iris" }))
            .ToBeVisibleAsync();
        await Browser.Keep(page, "batch-1280-light");
        await page.SetViewportSizeAsync(360, 700);
        await Browser.Keep(page, "batch-360-light");

        await page.GotoAsync("/predictions/ledger");
        await page.GetByRole(AriaRole.Link, new() { Name = "Verify the chain" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("ledger-verdict")).ToContainTextAsync("blocks hold");
        await page.GetByRole(AriaRole.Link, new() { Name = "recompute the hash" }).ClickAsync();
        await Assertions
            .Expect(page.GetByTestId("ledger-verdict"))
            .ToContainTextAsync("does not follow the block before");
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_liar_that_is_let_in_has_less_and_less_weight()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        try
        {
            await page.GotoAsync("/predictions");
            await page.GetByRole(AriaRole.Button, new() { Name = "Start liar" }).ClickAsync();
            await Assertions.Expect(page.GetByText("liar has started")).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await Joined(page, "liar");
            for (var press = 0; press < 3; press++)
            {
                await page.GotoAsync("/predictions/titanic");
                await page.GetByLabel("Batches to run").FillAsync("20");
                await page.GetByRole(AriaRole.Button, new() { Name = "Run batches" }).ClickAsync();
                await Assertions
                    .Expect(page.GetByTestId("story"))
                    .ToContainTextAsync("Ran 20 batches.", new() { Timeout = 120_000 });
            }

            await page.GotoAsync("/predictions");
            var (liar, honest) = (await Weight(page, "liar"), await Weight(page, "predictor-forest"));
            Assert.True(liar < honest / 10, $"The liar weighs {liar}, an honest member {honest}.");
            await Browser.Keep(page, "attacked-1280-light");
        }
        finally
        {
            await page.GotoAsync("/predictions");
            await page.GetByRole(AriaRole.Button, new() { Name = "Stop liar" }).ClickAsync();
        }
    }

    [Fact]
    public async Task The_comparison_shows_members_average_and_consensus_with_their_errors()
    {
        await using var browser = await Browser.Start();
        var page = await browser.Open(Workshop.ShopWeb);
        await page.GotoAsync("/predictions/evaluation", new() { Timeout = 60_000 });
        foreach (var (network, metric) in new[] { ("iris", "±"), ("titanic", "%"), ("housing", "$") })
        {
            var table = page.GetByTestId($"evaluation-{network}");
            await Assertions.Expect(table.GetByText("Plain average of all")).ToBeVisibleAsync();
            await Assertions.Expect(table.GetByRole(AriaRole.Row).Last).ToContainTextAsync("Consensus, weighted");
            await Assertions.Expect(table.GetByRole(AriaRole.Row).Last).ToContainTextAsync(metric);
        }

        Assert.Empty(browser.Errors);
    }

    /// <summary>The member's weight in the network that was attacked, as the table shows it.</summary>
    private static async Task<double> Weight(IPage page, string member)
    {
        var row = page.GetByTestId("members").GetByRole(AriaRole.Row, new() { Name = member });
        var weight = await row.Locator("td[data-label='Weight, titanic']").InnerTextAsync();
        // Below the weight stands what the member is in this network, where it is not active.
        return double.Parse(weight.Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Reloads until the member is listed: it trains before it joins.</summary>
    private static async Task Joined(IPage page, string member)
    {
        for (var look = 0; look < 120; look++)
        {
            await page.GotoAsync("/predictions");
            if (await page.GetByTestId("members").GetByText(member, new() { Exact = true }).IsVisibleAsync())
            {
                return;
            }

            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{member} has not joined.");
    }
}
