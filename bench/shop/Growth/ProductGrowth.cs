using System.Globalization;
using Npgsql;

namespace ShopBench.Growth;

/// <summary>Lists, filters and search by the number of products.</summary>
internal static class ProductGrowth
{
    private const int PageSize = 20;

    private const int FarPage = 1_000;

    /// <summary>Most products that one page of the shop may have.</summary>
    private const int LargestPage = 500;

    /// <summary>A hundred departments; each description holds a word of its own.</summary>
    private const string FillSql = """
        INSERT INTO products (id, name, description, price, category, stock, created_at)
        SELECT uuidv7(), 'Article ' || md5(n::text), 'Made for growth, number ' || md5('d' || n), n % 100000 / 100.0,
            'Growth ' || n % 100, 1000000, now()
        FROM generate_series((SELECT count(*) FROM products) + 1, $1) AS n
        """;

    public static async Task<Curve> Measure(
        NpgsqlDataSource database,
        HttpClient http,
        IReadOnlyList<long> sizes,
        CancellationToken ct
    )
    {
        var curve = new Curve("products", sizes);
        foreach (var size in sizes)
        {
            await GrowthBench.Execute(database, FillSql, ct, size);
            await GrowthBench.Execute(database, "VACUUM ANALYZE products", ct);
            await GrowthBench.Execute(database, "VACUUM product_counts", ct);
            var word = await GrowthBench.Scalar(
                database,
                "SELECT right(description, 32) FROM products ORDER BY id DESC LIMIT 1",
                ct
            );
            var id = await GrowthBench.Scalar(database, "SELECT id::text FROM products ORDER BY id DESC LIMIT 1", ct);
            curve.Add("one product", await Get($"/products/{id}"));
            curve.Add("list, page 1 of 20", await Get($"/products?limit={PageSize}"));
            var far = await Far(http, ct);
            curve.Add("list, page 1,000", far is null ? null : await Get(far));
            curve.Add("one department of 101", await Get($"/products?category=Growth%207&limit={PageSize}"));
            curve.Add(
                "a hundredth of the prices",
                await Get($"/products?minPrice=10&maxPrice=20&sort=price&limit={PageSize}")
            );
            curve.Add("search, one found", await Get($"/products?search={word}&limit={PageSize}"));
            curve.Add("search, a 256th found", await Get($"/products?search=number%20{word[..2]}&limit={PageSize}"));
            curve.Add("departments with counts", await Get("/categories"));
        }

        return curve;

        Task<double> Get(string path) => Curve.Median(http, path, ct);
    }

    /// <summary>The address of the thousandth page; null where there are fewer.</summary>
    private static async Task<string?> Far(HttpClient http, CancellationToken ct)
    {
        var before = (FarPage - 1) * PageSize;
        string? next = "/products";
        while (before > 0 && next is not null)
        {
            var limit = Math.Min(before, LargestPage);
            using var page = await http.GetAsync(new Uri(WithLimit(next, limit), UriKind.Relative), ct);
            page.EnsureSuccessStatusCode();
            before -= limit;
            next = page.Headers.TryGetValues("Link", out var link) ? link.First().Split('<', '>')[1] : null;
        }

        return next is null ? null : WithLimit(next, PageSize);
    }

    private static string WithLimit(string address, int limit)
    {
        var after = address.Split('?', '&').FirstOrDefault(part => part.StartsWith("after=", StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"/products?limit={limit}&{after}").TrimEnd('&');
    }
}
