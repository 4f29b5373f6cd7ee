using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>The whole workshop over data folders that were damaged while it was down.</summary>
public sealed class DamagedRunTests
{
    /// <summary>Of a whole server, while two cores start a workshop and run all other tests.</summary>
    private static readonly TimeSpan TimeToCopy = TimeSpan.FromMinutes(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_server_is_copied_anew_from_the_other_whichever_led_and_no_order_is_lost()
    {
        var folder = TestFolders.Create("damaged-run");
        var state = new Dictionary<string, string>(StringComparer.Ordinal) { ["WORKSHOP_STATE"] = folder };
        var orders = new List<string>();
        foreach (var damaged in new[] { "standby", "primary", null })
        {
            await using var workshop = WorkshopProcess.Launch(["--storage", "synchronous"], environment: state);
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
            var pair = await UntilInSync(registry);
            await workshop.Signal("INT", Ct);
            Assert.Equal(0, await workshop.WaitForExit(Ct));
            if (damaged is not null)
            {
                await File.WriteAllBytesAsync(ControlFileOf(folder, pair.GetProperty(damaged).GetString()!), [], Ct);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string ControlFileOf(string folder, string server) =>
        Path.Combine(folder, "postgres", server, "global", "pg_control");

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
