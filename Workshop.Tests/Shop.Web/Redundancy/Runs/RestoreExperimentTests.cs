using System.Net;
using System.Text.Json;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>Basic mode's only protection, as an experiment: what came after the backup is lost, and listed.</summary>
public sealed class RestoreExperimentTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_that_were_confirmed_after_the_backup_are_lost_and_each_is_listed()
    {
        await using var workshop = await WorkshopProcess.Start(Ct, storage: "basic");
        await Assert.ThrowsAsync<InvalidOperationException>(() => workshop.Command("postgres-1", "restore", Ct));
        Assert.Equal("RPO: everything, for no backup was made", await Guarantee(workshop));
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new() })
        {
            BaseAddress = workshop.ShopWeb,
        };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var lab = "";
        await Eventually.Holds(
            async () =>
                (lab = await Get(browser, "/redundancy")).Contains(
                    "Restore from a backup, as an experiment",
                    StringComparison.Ordinal
                ),
            Ct
        );
        var form = StorefrontServer.Form(lab, "/redundancy/buyers");
        (form["rate"], form["seconds"]) = ("5", "40");
        (form["fault"], form["at"], form["fault2"], form["at2"]) = ("backup", "8", "restore", "20");
        await StorefrontServer.Post(browser, "/redundancy/buyers", form, Ct);

        using var json = JsonDocument.Parse(await Kept(browser));
        var page = WebUtility.HtmlDecode(await Get(browser, "/redundancy/runs/1"));

        var run = json.RootElement;
        var faults = run.GetProperty("faults").EnumerateArray().ToList();
        Assert.Equal(
            ["backup", "restore"],
            faults.Select(fault => fault.GetProperty("command").GetString()),
            StringComparer.Ordinal
        );
        var (backup, restore) = (At(faults[0]), At(faults[1]));
        var verdict = run.GetProperty("verdict");
        var lost = verdict.GetProperty("lost").EnumerateArray().Select(id => id.GetGuid()).ToHashSet();
        Assert.NotEmpty(lost);
        Assert.Empty(verdict.GetProperty("duplicated").EnumerateArray());
        Assert.True(verdict.GetProperty("stockAddsUp").GetBoolean());
        var confirmed = run.GetProperty("orders")
            .EnumerateArray()
            .Where(order => order.GetProperty("outcome").GetString() is "acknowledged" or "retried")
            .Select(order => (Id: order.GetProperty("orderId").GetGuid(), At: End(order)))
            .ToList();
        Assert.Contains(confirmed, order => order.At < backup);
        Assert.Contains(confirmed, order => order.At > restore);
        Assert.All(
            confirmed.Where(order => lost.Contains(order.Id)),
            order => Assert.InRange(order.At, backup, restore + 1000)
        );
        Assert.Contains($"{lost.Count} orders were confirmed in between, and lost.", page, StringComparison.Ordinal);
        Assert.All(lost, id => Assert.Contains($"<code>{id}</code>", page, StringComparison.Ordinal));
        Assert.StartsWith("RPO: everything since ", await Guarantee(workshop), StringComparison.Ordinal);
    }

    private static async Task<string> Guarantee(WorkshopProcess workshop)
    {
        using var control = new WorkshopControl(workshop.Control, workshop.Registry);
        return (await control.Conductor())?.GetProperty("guarantee").GetString() ?? "";
    }

    /// <summary>The run as it is kept, once it has ended.</summary>
    private static async Task<string> Kept(HttpClient browser)
    {
        var kept = "";
        await Eventually.Holds(
            async () =>
            {
                using var answer = await browser.GetAsync(new Uri("/redundancy/runs/1.json", UriKind.Relative), Ct);
                kept = await answer.Content.ReadAsStringAsync(Ct);
                return answer.IsSuccessStatusCode;
            },
            Ct
        );
        return kept;
    }

    private static Task<string> Get(HttpClient browser, string path) =>
        browser.GetStringAsync(new Uri(path, UriKind.Relative), Ct);

    private static double At(JsonElement one) => one.GetProperty("atMilliseconds").GetDouble();

    private static double End(JsonElement order) => At(order) + order.GetProperty("latencyMilliseconds").GetDouble();
}
