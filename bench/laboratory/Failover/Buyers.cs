using System.Net.Http.Json;
using System.Text.Json;
using Workshop.ServiceDefaults.Discovery;

namespace LaboratoryBench.Failover;

/// <summary>What buyers of the measurements buy.</summary>
internal static class Buyers
{
    private const int ProductCount = 100;
    private const int Plenty = 1_000_000;

    /// <summary>Makes products of which there is plenty.</summary>
    public static async Task<IReadOnlyList<Guid>> Products(HttpClient shop)
    {
        var products = new List<Guid>();
        for (var number = 0; number < ProductCount; number++)
        {
            var product = new
            {
                name = $"Bench {number}",
                price = 9.99m,
                category = "Bench",
                stock = Plenty,
            };
            using var response = await shop.PostAsJsonAsync("/products", product);
            response.EnsureSuccessStatusCode();
            products.Add((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        }

        return products;
    }

    /// <summary>One piece of a product.</summary>
    public static HttpRequestMessage Purchase(Guid product, string user, string? key = null)
    {
        var order = new { userId = user, items = new[] { new { productId = product, quantity = 1 } } };
        var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(order) };
        if (key is not null)
        {
            request.Headers.Add(Rerouting.IdempotencyKeyHeader, key);
        }

        return request;
    }
}
