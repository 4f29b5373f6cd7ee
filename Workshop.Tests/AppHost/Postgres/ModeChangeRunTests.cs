using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>The storage mode of a whole workshop is changed while it runs.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class ModeChangeRunTests(WorkshopFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_whole_workshop_goes_to_one_server_and_back_to_two_and_keeps_every_order()
    {
        var workshop = fixture.Workshop;
        using var control = new WorkshopControl(workshop.Control, workshop.Registry, workshop.OperatorToken);
        using var shop = new HttpClient { BaseAddress = workshop.ShopApi1 };
        var before = await Kept(shop);
        var orders = new List<string> { await shop.Order(Ct) };
        try
        {
            foreach (var mode in new[] { "basic", "synchronous", "asynchronous", "synchronous" })
            {
                await control.ChangeMode(mode);
                orders.Add(await shop.Order(Ct));
                if (mode is "basic")
                {
                    // The second database is stopped for good, and a server of the shop has to start without it.
                    await workshop.Command("shop-api-2", "kill", Ct);
                    await workshop.Command("shop-api-2", "start", Ct);
                }
            }

            await workshop.RepairAll(Ct);
            var primary = (await workshop.Server("primary", Ct))!;
            await workshop.Command(primary, "kill", Ct);
            await Eventually.Gives(
                () => workshop.Conductor(Ct),
                word =>
                    word.GetProperty("primary").GetString() is { } now
                    && !string.Equals(now, primary, StringComparison.Ordinal),
                Ct
            );
            orders.Add(await shop.Order(Ct));
            Assert.Equal(
                orders.Order(StringComparer.Ordinal),
                (await Kept(shop)).Except(before, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            );
        }
        finally
        {
            await control.ChangeMode("synchronous");
            await workshop.RepairAll(Ct);
        }
    }

    private static async Task<string[]> Kept(HttpClient shop) =>
        [
            .. (await shop.GetFromJsonAsync<JsonElement>("/orders/ann", Ct))
                .EnumerateArray()
                .Select(order => order.GetProperty("id").GetString()!),
        ];
}
