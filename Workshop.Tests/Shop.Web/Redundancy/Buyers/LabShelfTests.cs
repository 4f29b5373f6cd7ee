using System.Net;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Redundancy.Buyers;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Buyers;

/// <summary>What a run left in the shop goes, and what another storefront's run buys from stays.</summary>
[Collection(nameof(ShopTests))]
public sealed class LabShelfTests(ShopFixture shop) : IDisposable
{
    private readonly string folder = TestFolders.Create("lab-shelf");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Pieces_of_another_storefront_stay_until_no_run_takes_as_long()
    {
        var client = await shop.Client();
        await File.WriteAllTextAsync(Path.Combine(folder, ShelfMark.FileName), "0123456789", Ct);
        var own = await client.NewProduct(1, category: "Laboratory", name: "Test piece 1 of run 0123456789");
        var others = await client.NewProduct(1, category: "Laboratory", name: "Test piece 1 of run abcdefghij");
        var current = await client.NewProduct(1, category: "Laboratory", name: "Test piece 1 of run zyxwvutsrq");
        await using var storefront = new StorefrontServer(
            ("services:shop-api:http:0", client.Http.BaseAddress!.ToString()),
            ("Workshop:DataDirectory", folder)
        );
        await using var scope = storefront.Services.CreateAsyncScope();
        var shelf = scope.ServiceProvider.GetRequiredService<LabShelf>();

        Assert.True(await shelf.Sweep(() => "zyxwvutsrq", TimeProvider.System.GetUtcNow(), Ct) is { InUse: > 0 });

        var (isOwn, isOthers, isCurrent) = (await IsThere(own), await IsThere(others), await IsThere(current));
        Assert.Equal((false, true, true), (isOwn, isOthers, isCurrent));

        await shelf.Sweep(() => "zyxwvutsrq", TimeProvider.System.GetUtcNow() + LabShelf.LongestRun, Ct);

        (isOthers, isCurrent) = (await IsThere(others), await IsThere(current));
        Assert.Equal((false, true), (isOthers, isCurrent));

        async Task<bool> IsThere(string product) =>
            (await client.Get($"/products/{product}")).Status is HttpStatusCode.OK;
    }

    [Fact]
    public async Task A_shelf_says_which_run_is_its_own_until_it_is_cleared()
    {
        var client = await shop.Client();
        await using var storefront = new StorefrontServer(
            ("services:shop-api:http:0", client.Http.BaseAddress!.ToString()),
            ("Workshop:DataDirectory", folder)
        );
        await using var scope = storefront.Services.CreateAsyncScope();
        var shelf = scope.ServiceProvider.GetRequiredService<LabShelf>();
        var path = Path.Combine(folder, ShelfMark.FileName);

        Assert.Null(await shelf.Fill("9876543210", Ct));
        Assert.Equal("9876543210", await File.ReadAllTextAsync(path, Ct));

        await shelf.Clear(Ct);
        Assert.False(File.Exists(path));
    }
}
