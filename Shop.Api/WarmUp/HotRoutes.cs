using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Workshop.ServiceDefaults.Idempotency;

namespace Shop.Api.WarmUp;

/// <summary>
/// The routes that shoppers use most, asked in ways that write nothing: a page, a product, a cart that is empty, and an
/// order and an addition to a cart that name a product which does not exist. Those are refused only after they went all
/// the way: key, transaction, locks, statements, commit.
/// </summary>
/// <param name="http">Reaches this server, and marks its requests.</param>
internal sealed class HotRoutes(HttpClient http)
{
    private const string User = "warm-up";

    private static readonly Guid Nothing = Guid.Empty;

    private static readonly string Order =
        $$"""{"userId":"{{User}}","items":[{"productId":"{{Nothing}}","quantity":1}]}""";

    private static readonly string Addition = $$"""{"productId":"{{Nothing}}","quantity":1}""";

    /// <summary>Asks each route once, one after another.</summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="HttpRequestException">The server, or its database, cannot be asked.</exception>
    public async Task Round(CancellationToken ct)
    {
        var product = await Listed(ct);
        await Ask(HttpMethod.Get, $"/products/{product}", body: null, ct);
        await Ask(HttpMethod.Get, $"/cart/{User}", body: null, ct);
        await Ask(HttpMethod.Post, "/orders", Order, ct);
        await Ask(HttpMethod.Post, $"/cart/{User}", Addition, ct);
    }

    /// <summary>
    /// How the shop is stored. It is no hot route, but has half a second for all whom it asks: cold, it says that they do not
    /// answer.
    /// </summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="HttpRequestException">The server cannot be asked.</exception>
    public Task Facts(CancellationToken ct) => Ask(HttpMethod.Get, "/storage", body: null, ct);

    /// <summary>The first product of a page, or one that does not exist.</summary>
    private async Task<Guid> Listed(CancellationToken ct)
    {
        var page = await Ask(HttpMethod.Get, "/products?limit=20", body: null, ct);
        using var json = JsonDocument.Parse(page);
        var items = json.RootElement;
        return items.ValueKind is JsonValueKind.Array && items.GetArrayLength() > 0
            ? items[0].GetProperty("id").GetGuid()
            : Nothing;
    }

    /// <summary>Whatever the answer: a refusal has run the same code. Only a database that is away ends it.</summary>
    private async Task<byte[]> Ask(HttpMethod method, string path, string? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json);
            request.Headers.Add(IdempotencyKey.Header, Guid.NewGuid().ToString());
        }

        using var response = await http.SendAsync(request, ct);
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            throw new HttpRequestException("The database cannot be asked now.");
        }

        return await response.Content.ReadAsByteArrayAsync(ct);
    }
}
