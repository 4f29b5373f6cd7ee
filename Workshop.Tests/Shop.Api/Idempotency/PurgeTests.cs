using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Api.Idempotency;
using Xunit;

namespace Workshop.Tests.Shop.Api.Idempotency;

[Collection(nameof(ShopTests))]
public sealed class PurgeTests(ShopFixture shop)
{
    [Fact]
    public async Task Keys_older_than_a_day_are_deleted_and_younger_ones_stay()
    {
        var ct = TestContext.Current.CancellationToken;
        var (first, _) = await shop.Servers();
        var (old, young) = ($"old-{Guid.NewGuid()}", $"young-{Guid.NewGuid()}");
        var product = await first.Client.NewProduct(10);
        await first.Client.Order("purge", product, 1, ("Idempotency-Key", old));
        await first.Client.Order("purge", product, 1, ("Idempotency-Key", young));
        await using var database = NpgsqlDataSource.Create(shop.Database);
        await using (
            var age = database.CreateCommand(
                "UPDATE idempotency_keys SET created_at = created_at - interval '25 hours' WHERE key = $1"
            )
        )
        {
            age.Parameters.Add(new() { Value = old });
            await age.ExecuteNonQueryAsync(ct);
        }

        var purged = await first.Services.GetRequiredService<IdempotencyPurge>().Purge(ct);

        Assert.Equal(1, purged);
        await using var left = database.CreateCommand("SELECT count(*) FROM idempotency_keys WHERE key = ANY ($1)");
        left.Parameters.Add(new() { Value = new[] { old, young } });
        Assert.Equal(1L, await left.ExecuteScalarAsync(ct));
    }
}
