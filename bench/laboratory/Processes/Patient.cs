using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Workshop.ServiceDefaults.Json;

namespace LaboratoryBench.Processes;

/// <summary>Buys as a buyer does who keeps one key and tries until there is an answer.</summary>
internal static class Patient
{
    private const int MostAttempts = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Places an order of one piece; 503 while a machine is busy, or roles change, is no answer.</summary>
    /// <param name="shop">A server of the shop.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The order's id.</returns>
    internal static async Task<string> Order(this HttpClient shop, CancellationToken ct)
    {
        var products = await Eventually.Gives(
            () => shop.TryGetJson<JsonElement>(new("/products?limit=1", UriKind.Relative), ct),
            page => page.ValueKind is JsonValueKind.Array,
            ct
        );
        var product = products[0].GetProperty("id").GetString();
        var body = new { userId = "ann", items = new[] { new { productId = product, quantity = 1 } } };
        var key = Guid.NewGuid().ToString();
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
            {
                Content = JsonContent.Create(body),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await shop.SendAsync(request, ct);
            if (answer.StatusCode is HttpStatusCode.Created)
            {
                return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetString()!;
            }

            await Task.Delay(Pause, ct);
        }

        throw new InvalidOperationException("No order could be placed.");
    }
}
