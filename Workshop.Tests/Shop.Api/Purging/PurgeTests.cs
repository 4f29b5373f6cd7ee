using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Api.Carts;
using Shop.Api.Idempotency;
using Xunit;

namespace Workshop.Tests.Shop.Api.Purging;

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

        var purged = await first.Services.GetRequiredService<IdempotencyPurge>().Run(ct);

        Assert.Equal(1, purged);
        await using var left = database.CreateCommand("SELECT count(*) FROM idempotency_keys WHERE key = ANY ($1)");
        left.Parameters.Add(new() { Value = new[] { old, young } });
        Assert.Equal(1L, await left.ExecuteScalarAsync(ct));
    }

    [Fact]
    public async Task A_cart_that_nobody_came_back_to_is_emptied_and_one_in_use_keeps_its_oldest_item()
    {
        var ct = TestContext.Current.CancellationToken;
        var (first, _) = await shop.Servers();
        string[] users = [$"gone-{Guid.NewGuid():N}", $"back-{Guid.NewGuid():N}"];
        var products = new[] { await first.Client.NewProduct(10), await first.Client.NewProduct(10) };
        foreach (var user in users)
        {
            foreach (var product in products)
            {
                await first.Client.Post($"/cart/{user}", new { productId = product, quantity = 1 });
            }
        }

        await using var database = NpgsqlDataSource.Create(shop.Database);
        await using (
            var age = database.CreateCommand(
                """
                UPDATE cart_items SET added_at = added_at - interval '31 days'
                WHERE user_id = $1 OR (user_id = $2 AND product_id = $3)
                """
            )
        )
        {
            age.Parameters.Add(new() { Value = users[0] });
            age.Parameters.Add(new() { Value = users[1] });
            age.Parameters.Add(new() { Value = Guid.Parse(products[0]) });
            await age.ExecuteNonQueryAsync(ct);
        }

        var purged = await first.Services.GetRequiredService<CartPurge>().Run(ct);

        Assert.Equal(products.Length, purged);
        await using var left = database.CreateCommand("SELECT count(*) FROM cart_items WHERE user_id = $1");
        left.Parameters.Add(new() { Value = users[1] });
        Assert.Equal((long)products.Length, await left.ExecuteScalarAsync(ct));
    }
}
