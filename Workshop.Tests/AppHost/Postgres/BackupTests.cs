using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Workshop.Tests.Chaos;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>
/// Basic mode's only protection: what is in the backup comes back, what came after it does not, and both are said.
/// </summary>
public sealed class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_database_comes_back_as_of_its_last_backup()
    {
        await using var workshop = await WorkshopProcess.Start(Ct, storage: "basic");
        using var control = new WorkshopControl(workshop.Control, workshop.Registry);
        using var shop = new HttpClient { BaseAddress = workshop.ShopApi1 };
        Assert.Equal("RPO: everything, for no backup was made", await Guarantee(control));
        using (var host = new HttpClient { BaseAddress = workshop.Control })
        using (var refused = await host.PostAsync(new Uri("/resources/postgres-1/restore", UriKind.Relative), null, Ct))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        }

        var kept = await Order(shop, "kept");
        await workshop.Command("postgres-1", "backup", Ct);
        await Eventually.Holds(
            async () => (await Guarantee(control)).StartsWith("RPO: everything since ", StringComparison.Ordinal),
            Ct
        );
        var lost = await Order(shop, "lost");
        await workshop.Command("postgres-1", "restore", Ct);

        await Eventually.Holds(async () => await Has(shop, "kept", kept), Ct);
        Assert.False(await Has(shop, "lost", lost));
        await Order(shop, "after");
    }

    private static async Task<string> Guarantee(WorkshopControl control) =>
        (await control.Conductor())?.GetProperty("guarantee").GetString() ?? "";

    private static async Task<string> Order(HttpClient shop, string user)
    {
        var products = await shop.GetFromJsonAsync<JsonElement>("/products?limit=1", Ct);
        var product = products[0].GetProperty("id").GetString();
        var body = new { userId = user, items = new[] { new { productId = product, quantity = 1 } } };
        var status = HttpStatusCode.ServiceUnavailable;
        for (var attempt = 0; attempt < 100; attempt++)
        {
            using var answer = await shop.PostAsJsonAsync("/orders", body, Ct);
            status = answer.StatusCode;
            if (status is HttpStatusCode.Created)
            {
                return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetString()!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Ct);
        }

        throw new InvalidOperationException($"No order could be placed: {status}");
    }

    private static async Task<bool> Has(HttpClient shop, string user, string order)
    {
        using var answer = await shop.GetAsync(new Uri($"/orders/{user}/{order}", UriKind.Relative), Ct);
        return answer.StatusCode is HttpStatusCode.OK;
    }
}
