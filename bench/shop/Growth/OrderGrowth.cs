using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace ShopBench.Growth;

/// <summary>Placing an order, and a user's history, by the number of orders.</summary>
internal static class OrderGrowth
{
    /// <summary>Orders of one line each: a tenth of them one user's, the others' a hundred each.</summary>
    private const string FillSql = """
        WITH made AS (
            INSERT INTO orders (id, user_id, status, total, created_at)
            SELECT uuidv7(), CASE n % 10 WHEN 0 THEN 'everything' ELSE 'user-' || n / 100 END, 'confirmed', 1.00, now()
            FROM generate_series($1::bigint, $2::bigint) AS n
            RETURNING id
        )
        INSERT INTO order_lines (order_id, position, product_id, name, quantity, unit_price)
        SELECT made.id, 1, product.id, product.name, 1, 1.00 FROM made, (SELECT id, name FROM products LIMIT 1) AS product
        """;

    /// <summary>Rows of one statement: what a transaction holds stays in bounds.</summary>
    private const long Chunk = 500_000;

    public static async Task<Curve> Measure(
        NpgsqlDataSource database,
        HttpClient http,
        IReadOnlyList<long> sizes,
        CancellationToken ct
    )
    {
        // What was placed here before is not among the orders that are counted.
        await GrowthBench.Execute(database, "DELETE FROM order_lines", ct);
        await GrowthBench.Execute(database, "DELETE FROM orders", ct);
        await GrowthBench.Execute(database, "UPDATE products SET stock = 1000000", ct);
        var product = await GrowthBench.Scalar(database, "SELECT id::text FROM products ORDER BY id LIMIT 1", ct);
        var curve = new Curve("orders", sizes);
        var filled = 0L;
        foreach (var size in sizes)
        {
            for (; filled < size; filled = Math.Min(filled + Chunk, size))
            {
                await GrowthBench.Execute(database, FillSql, ct, filled + 1, Math.Min(filled + Chunk, size));
            }

            await GrowthBench.Execute(database, "VACUUM ANALYZE orders, order_lines", ct);
            curve.Add("an order placed", await Place(keyed: false));
            curve.Add("an order placed under a key", await Place(keyed: true));
            curve.Add("history of a user, page 1 of 20", await Get("/orders/user-7?limit=20"));
            curve.Add("of the user with a tenth of all", await Get("/orders/everything?limit=20"));
        }

        return curve;

        Task<double> Get(string path) => Curve.Median(http, path, ct);

        Task<double> Place(bool keyed) =>
            Curve.Median(
                async number =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
                    {
                        Content = JsonContent.Create(
                            new
                            {
                                userId = string.Create(CultureInfo.InvariantCulture, $"buyer-{number}"),
                                items = new[] { new { productId = product, quantity = 1 } },
                            }
                        ),
                    };
                    if (keyed)
                    {
                        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
                    }

                    return await http.SendAsync(request, ct);
                },
                HttpStatusCode.Created,
                ct
            );
    }
}
