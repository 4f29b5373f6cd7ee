using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.AppHost.Processes;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>One state folder over three runs: the host is killed, and databases are damaged while it is down.</summary>
public sealed class DamagedRunTests
{
    /// <summary>Of a whole server, while two cores start a workshop and run all other tests.</summary>
    private static readonly TimeSpan TimeToCopy = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan TimeToDie = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_killed_host_and_damaged_servers_whichever_led_the_workshop_comes_back_and_no_order_is_lost()
    {
        var folder = TestFolders.Create("damaged-run");
        var orders = new List<string>();
        string standby;
        await using (var killed = Launch(folder, "synchronous"))
        {
            standby = (await OrderOnceMore(killed, orders)).GetProperty("standby").GetString()!;
            await IsRefusedBeside(folder);
            await DiesWithAllItsChildren(killed);
        }

        Damage(folder, standby);
        await using var second = Launch(folder, "basic");
        var pair = await OrderOnceMore(second, orders);
        // The storage mode is that of the first start, and what a later one asks for is answered.
        Assert.Contains("The workshop keeps storage mode synchronous", second.Output, StringComparison.Ordinal);
        await EndsWell(second);

        Damage(folder, pair.GetProperty("primary").GetString()!);
        await using var third = Launch(folder, "synchronous");
        await OrderOnceMore(third, orders);
        await EndsWell(third);
        Directory.Delete(folder, recursive: true);
    }

    private static WorkshopProcess Launch(string folder, string storage) =>
        WorkshopProcess.Launch(
            ["--storage", storage],
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["WORKSHOP_STATE"] = folder }
        );

    /// <summary>Finds the orders of before, adds one, and says who leads once it is on both servers.</summary>
    private static async Task<JsonElement> OrderOnceMore(WorkshopProcess workshop, List<string> orders)
    {
        await workshop.WaitUntilHealthy(Ct);
        using var shop = new HttpClient { BaseAddress = workshop.ShopApi1 };
        using var registry = new HttpClient { BaseAddress = workshop.Registry };
        await UntilInSync(registry);
        foreach (var order in orders)
        {
            using var found = await shop.GetAsync(new Uri($"/orders/ann/{order}", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }

        orders.Add(await shop.Order(Ct));
        return await UntilInSync(registry);
    }

    private static async Task IsRefusedBeside(string folder)
    {
        await using var beside = Launch(folder, "synchronous");
        Assert.Equal(1, await beside.WaitForExit(Ct));
        Assert.Contains("A workshop already runs from this folder", beside.Output, StringComparison.Ordinal);
    }

    private static async Task DiesWithAllItsChildren(WorkshopProcess workshop)
    {
        var children = (await workshop.Resources(Ct))
            .EnumerateArray()
            .Select(resource => resource.GetProperty("processId"))
            .Where(id => id.ValueKind is JsonValueKind.Number)
            .Select(id => id.GetInt32())
            .ToArray();
        await workshop.Signal("KILL", Ct);
        await workshop.WaitForExit(Ct);
        using var limit = new CancellationTokenSource(TimeToDie);
        while (children.Any(IsAlive) && !limit.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Ct);
        }

        Assert.NotEmpty(children);
        Assert.DoesNotContain(children, IsAlive);

        static bool IsAlive(int id) => ProcessTable.Find(id) is { IsAlive: true };
    }

    private static async Task EndsWell(WorkshopProcess workshop)
    {
        await workshop.Signal("INT", Ct);
        Assert.Equal(0, await workshop.WaitForExit(Ct));
    }

    private static void Damage(string folder, string server) =>
        File.WriteAllBytes(Path.Combine(folder, "postgres", server, "global", "pg_control"), []);

    /// <summary>Whichever leads: on a busy machine there may have been a failover meanwhile.</summary>
    private static async Task<JsonElement> UntilInSync(HttpClient registry)
    {
        var pair = default(JsonElement);
        await Eventually.Holds(
            async () =>
                (pair = await registry.GetFromJsonAsync<JsonElement>("/conductor", Ct))
                    .GetProperty("inSync")
                    .GetBoolean(),
            Ct,
            within: TimeToCopy
        );
        return pair;
    }
}
