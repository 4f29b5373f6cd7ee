using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Workshop.Tests.Chaos;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>The storage mode of a whole workshop is changed while it runs.</summary>
public sealed class ModeChangeRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_workshop_goes_to_one_server_and_back_to_two_and_keeps_every_order()
    {
        await using var workshop = await WorkshopProcess.Start(Ct, storage: "basic");
        using var control = new WorkshopControl(workshop.Control, workshop.Registry);
        using var registry = new HttpClient { BaseAddress = workshop.Registry };
        registry.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", workshop.OperatorToken);
        using var shop = new HttpClient { BaseAddress = workshop.ShopApi1 };
        var orders = new List<string> { await shop.Order(Ct) };

        foreach (var mode in new[] { "synchronous", "basic", "asynchronous", "synchronous" })
        {
            using var accepted = await registry.PutAsJsonAsync("/conductor/mode", new { mode }, Ct);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            await Eventually.Holds(async () => await IsInForce(control, mode), Ct);
            orders.Add(await shop.Order(Ct));
            if (mode is "basic")
            {
                // The second database is stopped for good, and a server of the shop has to start without it.
                await workshop.Command("shop-api-2", "kill", Ct);
                await workshop.Command("shop-api-2", "start", Ct);
            }
        }

        await Eventually.Holds(async () => (await control.Conductor())?.GetProperty("inSync").GetBoolean() is true, Ct);
        await workshop.Command("postgres-1", "kill", Ct);
        await Eventually.Holds(
            async () => (await control.Conductor())?.GetProperty("primary").GetString() is "postgres-2",
            Ct
        );
        orders.Add(await shop.Order(Ct));
        var kept = await shop.GetFromJsonAsync<JsonElement>("/orders/ann", Ct);
        Assert.Equal(
            orders.Order(StringComparer.Ordinal),
            kept.EnumerateArray().Select(order => order.GetProperty("id").GetString()!).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    private static async Task<bool> IsInForce(WorkshopControl control, string mode) =>
        await control.Conductor() is { } view
        && string.Equals(view.GetProperty("mode").GetString(), mode, StringComparison.Ordinal)
        && view.GetProperty("change").ValueKind is JsonValueKind.Null;
}
