using System.Globalization;
using System.Net;
using Workshop.Tests.Fixtures;
using Workshop.Tests.ServiceDefaults.Files;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage.Receipts;

/// <summary>A server of the shop whose own folder has no room: every order is kept, and said to be.</summary>
public sealed class FullDiskTests(PostgresFixture postgres)
{
    private const int Orders = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_go_on_without_room_for_receipts_and_receipts_go_on_with_it()
    {
        await using var disk = await SmallDisk.Mount("full-receipts");
        await using var pair = await postgres.CreatePair(Ct);
        await using var shop = new ShopServer(
            pair.First.ConnectionString(),
            "shop-api-1",
            ("Workshop:Storage", "asynchronous"),
            ("Workshop:Standby", string.Create(CultureInfo.InvariantCulture, $"tcp://localhost:{pair.Second.Port}")),
            ("Workshop:DataDirectory", disk.Folder)
        );
        var client = shop.Client;
        await shop.UntilHealthy(Ct);

        var product = await client.NewProduct(stock: 1000);
        Assert.Equal(HttpStatusCode.Created, (await client.Order("ann", product, 1)).Status);
        disk.Fill();
        for (var order = 0; order < Orders; order++)
        {
            Assert.Equal(HttpStatusCode.Created, (await client.Order("ann", product, 1)).Status);
        }

        Assert.Equal(1000 - Orders - 1, await client.Stock(product));
        Assert.Equal(HttpStatusCode.OK, (await client.Get("/health")).Status);
        Assert.False((await client.Get("/storage"))["lostOrdersListable"].GetBoolean());

        disk.Free();
        var later = await client.Order("ann", product, 1);
        Assert.Equal(HttpStatusCode.Created, later.Status);
        var receipts = await File.ReadAllTextAsync(Path.Combine(disk.Folder, "receipts-shop-api-1.jsonl"), Ct);
        Assert.Contains(later["id"].GetString()!, receipts, StringComparison.Ordinal);
    }
}
