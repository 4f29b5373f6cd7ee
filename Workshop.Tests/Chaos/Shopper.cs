using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Workshop.Tests.Chaos;

/// <summary>
/// One user of the shop, on the client path of the storefront: through the registry, re-routed, with an idempotency key
/// and the read token that the last answer brought. Its calls never overlap.
/// </summary>
internal sealed class Shopper(HttpClient shop, Journal journal, string user)
{
    private const string TokenHeader = "X-Read-Token";
    private const int PageSize = 500;

    private string? token;
    private int purchases;

    /// <summary>The user's id.</summary>
    public string User => user;

    /// <summary>Buys.</summary>
    public async Task Buy(Guid product, int quantity)
    {
        var call = journal.Invoke(CallKind.Buy, user, $"{user}/{++purchases}", product, quantity);
        var (outcome, order) = await Send(call);
        journal.End(call, outcome, order);
    }

    /// <summary>Sends a purchase, or sends it again: the key makes it one.</summary>
    public async Task<(Outcome Outcome, Guid? Order)> Send(Call call)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(
                new { userId = call.User, items = new[] { new { productId = call.Product, quantity = call.Quantity } } }
            ),
        };
        request.Headers.Add("Idempotency-Key", call.Key);
        try
        {
            using var response = await SendAsync(request);
            if (response.StatusCode == HttpStatusCode.Created)
            {
                var order = await response.Content.ReadFromJsonAsync<JsonElement>();
                return (Outcome.Ok, order.GetProperty("id").GetGuid());
            }

            // 409 without Retry-After is the shop's no: not enough stock. With it, the key's first request is under way.
            var isNo = response.StatusCode == HttpStatusCode.Conflict && response.Headers.RetryAfter is null;
            return (isNo ? Outcome.Refused : Outcome.Unknown, null);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return (Outcome.Unknown, null);
        }
    }

    /// <summary>Looks at the own orders.</summary>
    public async Task List()
    {
        var call = journal.Invoke(CallKind.List, user, "", Guid.Empty, 0);
        var orders = await Orders();
        journal.End(
            call,
            orders is null ? Outcome.Failed : Outcome.Ok,
            listed: orders?.Select(order => order.GetProperty("id").GetGuid()).ToArray()
        );
    }

    /// <summary>All orders of the user, or null if there was no answer.</summary>
    public async Task<IReadOnlyList<JsonElement>?> Orders()
    {
        var all = new List<JsonElement>();
        var next = $"/orders/{user}?limit={PageSize}";
        try
        {
            while (next is not null)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, next);
                using var response = await SendAsync(request);
                if (!response.IsSuccessStatusCode)
                {
                    return null;
                }

                all.AddRange((await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray());
                next = Next(response);
            }

            return all;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (token is not null)
        {
            request.Headers.Add(TokenHeader, token);
        }

        var response = await shop.SendAsync(request);
        token = response.Headers.TryGetValues(TokenHeader, out var values) ? values.First() : token;
        return response;
    }

    /// <summary>The address in <c>Link: &lt;...&gt;; rel="next"</c>, without the instance that made it.</summary>
    private static string? Next(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || links.FirstOrDefault() is not { } link)
        {
            return null;
        }

        var target = link[
            (link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)
        ];
        return
            Uri.TryCreate(target, UriKind.Absolute, out var absolute)
            && absolute.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? absolute.PathAndQuery
            : target;
    }
}
