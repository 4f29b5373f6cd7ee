using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>The laboratory of one network, as forms and pages: no script runs here.</summary>
public sealed partial class NetworkPageTests
{
    /// <summary>What a page may weigh as it is sent, packed, in bytes.</summary>
    private const int HeaviestPage = 30_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_are_run_with_a_story_and_a_line_for_each_figure_of_each_member()
    {
        await using var lab = LabServers.Start();
        await using var first = await StubMember.Says(0.9, 0.1, 0);
        await using var second = await StubMember.Says(0.8, 0.2, 0);
        await using var third = await StubMember.Says(0, 0.1, 0.9);
        await lab.Join("one", first.Url, Ct);
        await lab.Join("two", second.Url, Ct);
        await lab.Join("apart", third.Url, Ct);

        await Run(lab, "3");
        var page = await Done(lab);

        Assert.Contains("Ran 3 batches.", page, StringComparison.Ordinal);
        Assert.Contains("<b><bdi>", page, StringComparison.Ordinal);
        Assert.Equal(3 * 5, Sparks().Count(page));
        Assert.True(page.Length < 3 * HeaviestPage, $"The page has {page.Length} letters.");
    }

    [Fact]
    public async Task The_rule_of_probation_stands_there_as_long_as_a_member_is_on_it()
    {
        await using var lab = LabServers.Start();
        await using var own = await StubMember.Says(0.9, 0.1, 0);
        await using var stranger = await StubMember.Says(0.9, 0.1, 0);
        await lab.Consensus.Register("founder", own.Url);

        var before = await lab.Page("/predictions/iris", Ct);
        var joined = await lab.Join("mine", stranger.Url, Ct);
        var after = await lab.Page("/predictions/iris", Ct);

        Assert.DoesNotContain("data-testid=\"probation\"", before, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"probation\"", after, StringComparison.Ordinal);
        foreach (var page in new[] { joined, after, await lab.Page("/predictions", Ct) })
        {
            Assert.Contains("asked 30 gold rows", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_run_says_how_far_it_is_and_ends_when_its_reader_wants()
    {
        await using var lab = LabServers.Start();
        using var gate = new SemaphoreSlim(0);
        await using var slow = await StubMember.StartOnceJoined(async context =>
        {
            await gate.WaitAsync(TimeSpan.FromMilliseconds(200), context.RequestAborted);
            await StubMember.Well(context);
        });
        await lab.Join("slow", slow.Url, Ct);
        slow.Begin();

        await Run(lab, "40");
        var running = await lab.Page("/predictions/iris", Ct);
        var form = StorefrontServer.Form(await lab.Raw("/predictions/iris", Ct), "/predictions/iris/batches/cancel");
        await StorefrontServer.Post(lab.Browser, "/predictions/iris/batches/cancel", form, Ct);
        gate.Release(10_000);
        var ended = await Done(lab);

        Assert.Contains("of 40 batches", running, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", running, StringComparison.Ordinal);
        Assert.Contains("Stopped. Ran ", ended, StringComparison.Ordinal);
        Assert.DoesNotContain("Ran 40", ended, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_example_comes_with_its_truth()
    {
        await using var lab = LabServers.Start();
        await using var member = await StubMember.Says(0.9, 0.1, 0);
        await lab.Consensus.Register("one", member.Url);
        var before = await lab.Page("/predictions/iris/another", Ct);
        await Run(lab, "2");
        await Done(lab);

        var page = await lab.Page("/predictions/iris/another", Ct);

        Assert.Contains("run one first", before, StringComparison.Ordinal);
        Assert.Contains("The truth: ", page, StringComparison.Ordinal);
        Assert.Contains("1 members are", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_shows_who_differs_and_the_ledger_is_a_chain_with_an_equation()
    {
        await using var lab = LabServers.Start();
        await using var first = await StubMember.Says(0.9, 0.1, 0);
        await using var second = await StubMember.Says(0.8, 0.2, 0);
        await using var third = await StubMember.Says(0, 0.1, 0.9);
        await lab.Consensus.Register("one", first.Url);
        await lab.Consensus.Register("two", second.Url);
        await lab.Consensus.Register("apart", third.Url);
        await Run(lab, "1");
        await Done(lab);

        var batch = await lab.Page("/predictions/iris/batches/0", Ct);
        var ledger = await lab.Page("/predictions/ledger?look=rehash", Ct);
        var quality = await lab.Page("/predictions/iris/quality", Ct);

        Assert.Contains("class=\"differs\">≠ virginica", batch, StringComparison.Ordinal);
        Assert.Contains("petalWidth: <b>", batch, StringComparison.Ordinal);
        Assert.Contains("<small>= balances</small>€", ledger, StringComparison.Ordinal);
        Assert.Contains("data-state=\"changed\"", ledger, StringComparison.Ordinal);
        Assert.Equal(2, ledger.Split("link broken").Length);
        foreach (var look in new[] { "tamper", "rewrite" })
        {
            // A changed block keeps the hash that the next one names; whoever makes all hashes again leaves no broken link.
            var other = await lab.Page($"/predictions/ledger?look={look}", Ct);
            Assert.Contains("data-state=\"changed\"", other, StringComparison.Ordinal);
            Assert.DoesNotContain("link broken", other, StringComparison.Ordinal);
        }

        Assert.Contains("apart (theirs) joins", ledger, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"confusion\"", quality, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"reliability\"", quality, StringComparison.Ordinal);
    }

    private static async Task Run(LabServers lab, string count)
    {
        const string Action = "/predictions/iris/batches";
        var form = StorefrontServer.Form(await lab.Raw("/predictions/iris", Ct), Action);
        form["count"] = count;
        await StorefrontServer.Post(lab.Browser, Action, form, Ct);
    }

    /// <summary>Looks until the run has ended.</summary>
    private static async Task<string> Done(LabServers lab)
    {
        var page = "";
        await Eventually.Holds(
            async () =>
            {
                page = await lab.Page("/predictions/iris", Ct);
                return page.Contains("data-testid=\"story\"", StringComparison.Ordinal);
            },
            Ct
        );
        return page;
    }

    [GeneratedRegex("class=\"spark", RegexOptions.None, 1000)]
    private static partial Regex Sparks();
}
