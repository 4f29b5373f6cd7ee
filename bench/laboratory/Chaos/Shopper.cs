using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Workshop.ServiceDefaults.Discovery;

namespace LaboratoryBench.Chaos;

/// <summary>How one call ended, and what it brought.</summary>
/// <param name="Outcome">How it ended, as the client knows it.</param>
/// <param name="Order">The acknowledged order.</param>
/// <param name="Lines">What is in the order, or in the cart.</param>
/// <param name="Why">What stood in place of an answer; for people who read the journal.</param>
internal sealed record Answer(Outcome Outcome, Guid? Order, IReadOnlyList<Line> Lines, string? Why = null)
{
    /// <summary>Nobody knows.</summary>
    public static Answer Unknown(string why) => new(Outcome.Unknown, null, [], why);
}

/// <summary>
/// One user of the shop, on the client path of the storefront: through the registry, re-routed, with an idempotency key
/// and the read token that the last answer brought. Its calls never overlap.
/// </summary>
internal sealed class Shopper(HttpClient shop, Journal journal, string user)
{
    /// <summary>Carries what a reader has seen; it counts before the cookie of the same purpose.</summary>
    internal const string TokenHeader = "X-Read-Token";

    private const int PageSize = 500;

    /// <summary>Longest time that the outcome of a change of the cart is asked for, by its key.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(200);

    private string? token;
    private string? readError;
    private int keys;
    private bool isCartClear = true;

    /// <summary>The user's id.</summary>
    public string User => user;

    /// <summary>Buys at once, and asks once.</summary>
    public async Task Buy(Line line)
    {
        var call = Invoke(CallKind.Buy, line);
        journal.End(call, await Send(call));
    }

    /// <summary>
    /// Fills the cart, checks out and looks at the cart again. What got no answer is asked for by its key until there is
    /// one; who gets none never comes back with a cart, since nobody knows what is in it.
    /// </summary>
    public async Task BuyByCart(IReadOnlyList<Line> lines)
    {
        foreach (var line in lines)
        {
            await Settle(Invoke(CallKind.AddToCart, line));
        }

        if (isCartClear && await Settle(Invoke(CallKind.CheckOut)) == Outcome.Refused)
        {
            await Settle(Invoke(CallKind.EmptyCart));
        }

        if (isCartClear)
        {
            var look = Invoke(CallKind.LookAtCart);
            var answer = await Send(look);
            journal.End(look, answer.Outcome == Outcome.Ok ? answer : answer with { Outcome = Outcome.Failed });
        }
    }

    /// <summary>Looks at the own orders.</summary>
    public async Task List()
    {
        var call = Invoke(CallKind.List);
        var orders = await Orders();
        journal.End(
            call,
            new(orders is null ? Outcome.Failed : Outcome.Ok, null, [], readError),
            orders?.Select(order => order.GetProperty("id").GetGuid()).ToArray()
        );
    }

    /// <summary>Sends a call, or sends it again: the key makes it one.</summary>
    public async Task<Answer> Send(Call call)
    {
        using var request = Request(call);
        if (call.Key.Length > 0)
        {
            request.Headers.Add(Rerouting.IdempotencyKeyHeader, call.Key);
        }

        try
        {
            using var response = await SendAsync(request);
            if (response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadFromJsonAsync<JsonElement>();
                return new(Outcome.Ok, call.IsPurchase ? body.GetProperty("id").GetGuid() : null, LinesOf(body));
            }

            // 409 without Retry-After is the shop's no: not enough stock. With it, the key's first request is under way.
            var isNo = response.StatusCode == HttpStatusCode.Conflict && response.Headers.RetryAfter is null;
            return isNo ? new(Outcome.Refused, null, []) : Answer.Unknown(response.StatusCode.ToString());
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return Answer.Unknown(error.Message);
        }
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
                    readError = response.StatusCode.ToString();
                    return null;
                }

                all.AddRange((await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray());
                next = Next(response);
            }

            readError = null;
            return all;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            readError = error.Message;
            return null;
        }
    }

    /// <summary>The lines of an order or a cart, as the shop writes them.</summary>
    internal static IReadOnlyList<Line> LinesOf(JsonElement body) =>
        [
            .. body.GetProperty("items")
                .EnumerateArray()
                .Select(item => new Line(
                    item.GetProperty("productId").GetGuid(),
                    item.GetProperty("quantity").GetInt32()
                )),
        ];

    private Call Invoke(CallKind kind, Line? line = null)
    {
        var isKeyed = kind is CallKind.Buy or CallKind.AddToCart or CallKind.CheckOut;
        var key = isKeyed ? string.Create(CultureInfo.InvariantCulture, $"{user}/{++keys}") : "";
        return journal.Invoke(kind, user, key, line is null ? [] : [line]);
    }

    private async Task<Outcome> Settle(Call call)
    {
        var answer = await Send(call);
        for (var until = journal.Now + AskLimit; answer.Outcome == Outcome.Unknown && journal.Now < until; )
        {
            await Task.Delay(AskPause);
            answer = await Send(call);
        }

        isCartClear &= answer.Outcome != Outcome.Unknown;
        journal.End(call, answer);
        return answer.Outcome;
    }

    private HttpRequestMessage Request(Call call)
    {
        var (method, path, body) = call.Kind switch
        {
            CallKind.Buy => (HttpMethod.Post, "/orders", new { userId = user, items = call.Asked.Select(Wire) }),
            CallKind.AddToCart => (HttpMethod.Post, $"/cart/{user}", Wire(call.Asked[0])),
            CallKind.CheckOut => (HttpMethod.Post, $"/cart/{user}/checkout", null),
            CallKind.EmptyCart => (HttpMethod.Delete, $"/cart/{user}", null),
            CallKind.LookAtCart => (HttpMethod.Get, $"/cart/{user}", (object?)null),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call.Kind, "is not one request"),
        };
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Options.Set(Rerouting.IsRepeatableOption, call.Kind is CallKind.EmptyCart);
        return request;

        static object Wire(Line line) => new { productId = line.Product, quantity = line.Quantity };
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
