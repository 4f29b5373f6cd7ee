using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage;

/// <summary>A row that somebody holds: the database answers, so its buyers wait, and not for ever.</summary>
[Collection(nameof(ShopCrowdTests))]
public sealed class HeldRowTests(ShopFixture shop)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_waits_longer_for_a_row_than_for_a_silent_database(bool hasKey)
    {
        var client = await shop.Client();
        var product = await client.NewProduct(stock: 5);
        await using var held = await HeldRow.Of(shop.Database, product, Ct);
        (string, string)[] headers = hasKey ? [("Idempotency-Key", Guid.NewGuid().ToString())] : [];
        var order = client.Order(ShopClient.NewUser(), product, 2, headers);
        await Task.Delay(TimeSpan.FromSeconds(4), Ct);
        Assert.False(order.IsCompleted);
        await held.LetGo(Ct);

        Assert.Equal(HttpStatusCode.Created, (await order).Status);
        Assert.Equal(3, await client.Stock(product));
    }

    [Fact]
    public async Task A_row_that_is_never_let_go_is_given_up_and_nothing_is_ordered_later()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(stock: 5);
        await using var held = await HeldRow.Of(shop.Database, product, Ct);
        var answer = await client.Order(ShopClient.NewUser(), product, 2);
        await held.LetGo(Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(5, await client.Stock(product));
    }
}
