using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shop.Api.Idempotency;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage;

/// <summary>A server whose clock is off sells as any other: only the database's clock decides.</summary>
[Collection(nameof(ShopTests))]
public sealed class ClockTests(ShopFixture shop)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-30)]
    [InlineData(-5)]
    [InlineData(172_800)]
    public async Task Orders_are_taken_dated_and_their_keys_kept_by_the_databases_clock(int seconds)
    {
        await shop.Servers();
        await using var off = new ShopServer(
            shop.Database,
            "shop-api-off",
            new ShiftedTime(TimeSpan.FromSeconds(seconds))
        );
        while (off.Services.GetRequiredService<DatabaseClock>() is { IsKnown: false })
        {
            await Task.Delay(20, Ct);
        }

        var product = await off.Client.NewProduct(10);
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var withoutKey = await off.Client.Order("clock", product, 1);
        var age = TimeProvider.System.GetUtcNow() - withoutKey["createdAt"].GetDateTimeOffset();
        var first = await off.Client.Order("clock", product, 1, key);
        await off.Services.GetRequiredService<IdempotencyPurge>().Run(Ct);
        var again = await off.Client.Order("clock", product, 1, key);

        Assert.Equal(HttpStatusCode.Created, withoutKey.Status);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.True(age.Duration() < TimeSpan.FromSeconds(3), $"The order is dated {age} ago.");
        var storage = await off.Client.Get("/storage");
        Assert.Equal(seconds * 1000.0, storage["clockDifferenceMilliseconds"].GetDouble(), 500.0);
        var health = await off.Client.Get("/health");
        Assert.Equal((HttpStatusCode.OK, "Degraded"), (health.Status, health.Text));
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
