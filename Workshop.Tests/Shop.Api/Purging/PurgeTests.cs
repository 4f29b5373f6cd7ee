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
    public async Task A_cart_that_nobody_came_back_to_is_emptied_and_one_that_was_changed_keeps_its_oldest_items()
    {
        var ct = TestContext.Current.CancellationToken;
        var (first, _) = await shop.Servers();
        var client = first.Client;
        string[] users = [$"gone-{Guid.NewGuid():N}", $"set-{Guid.NewGuid():N}", $"took-{Guid.NewGuid():N}"];
        var products = new[] { await client.NewProduct(10), await client.NewProduct(10), await client.NewProduct(10) };
        foreach (var user in users)
        {
            foreach (var product in products)
            {
                await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });
            }
        }

        await using var database = NpgsqlDataSource.Create(shop.Database);
        await Age(database, users, ct);
        await client.Put($"/cart/{users[1]}/item/{products[0]}", new { quantity = 2 });
        await client.Delete($"/cart/{users[2]}/item/{products[0]}");

        var purged = await first.Services.GetRequiredService<CartPurge>().Run(ct);

        Assert.Equal(products.Length, purged);
        Assert.Empty(await Held(client, users[0]));
        Assert.Equal(products, await Held(client, users[1]));
        Assert.Equal(products[1..], await Held(client, users[2]));
    }

    private static async Task Age(NpgsqlDataSource database, string[] users, CancellationToken ct)
    {
        await using var age = database.CreateCommand(
            """
            UPDATE cart_items SET added_at = added_at - interval '31 days', changed_at = changed_at - interval '31 days'
            WHERE user_id = ANY ($1)
            """
        );
        age.Parameters.Add(new() { Value = users });
        await age.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The products of a cart, in their order.</summary>
    private static async Task<string[]> Held(ShopClient client, string user)
    {
        var cart = await client.Get($"/cart/{user}");
        return [.. cart["items"].EnumerateArray().Select(item => item.GetProperty("productId").GetString()!)];
    }
}
