using Npgsql;
using Xunit;

namespace Workshop.Tests.Shop.Api.Products;

/// <summary>How many products there are is kept, and not counted anew for each page.</summary>
[Collection(nameof(ShopTests))]
public sealed class ProductCountTests(ShopFixture shop)
{
    private const string DifferenceSql = """
        SELECT count(*) FROM (SELECT category, count(*) AS products FROM products GROUP BY category) AS counted
        FULL JOIN (
            SELECT category, sum(products) AS products FROM product_counts GROUP BY category HAVING sum(products) <> 0
        ) AS kept USING (category)
        WHERE kept.products IS DISTINCT FROM counted.products
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kept_counts_are_exact_after_products_came_moved_and_went_at_the_same_time()
    {
        var (first, second) = await shop.Servers();
        var (here, there) = ($"Here {Guid.NewGuid()}", $"There {Guid.NewGuid()}");
        var made = new string[60];
        await Parallel.ForAsync(
            0,
            made.Length,
            Ct,
            async (number, _) =>
            {
                var client = (number % 2 == 0 ? first : second).Client;
                made[number] = await client.NewProduct(1, category: number % 3 == 0 ? there : here);
                // Towards each other: whoever locked the two counts in another order would wait for ever.
                await client.Put($"/products/{made[number]}", new { category = number % 3 == 0 ? here : there });
                if (number % 5 == 0)
                {
                    await client.Delete($"/products/{made[number]}");
                }
            }
        );

        var remaining = await first.Client.Get($"/products?category={Uri.EscapeDataString(here)}&limit=1");
        var moved = await first.Client.Get($"/products?category={Uri.EscapeDataString(there)}&limit=1");

        Assert.Equal("16", remaining.Header("X-Total-Count"));
        Assert.Equal("32", moved.Header("X-Total-Count"));
        await using var source = NpgsqlDataSource.Create(shop.Database);
        await using var difference = source.CreateCommand(DifferenceSql);
        Assert.Equal(0L, await difference.ExecuteScalarAsync(Ct));
    }
}
