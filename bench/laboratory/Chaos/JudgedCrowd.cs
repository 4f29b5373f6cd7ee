using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace LaboratoryBench.Chaos;

/// <summary>
/// Shoppers at a shop to which something is done meanwhile, and then the record of everything that was promised.
/// </summary>
internal sealed class JudgedCrowd(HttpClient shop, string journalPath, int seed, double arrivalsPerSecond)
{
    /// <summary>A token that says nothing was seen: then the primary is read.</summary>
    private const string NoToken = "none";

    private const int PlentifulProducts = 15;
    private const int ScarceProducts = 5;
    private const int Plenty = 1_000_000;

    /// <summary>Sold out within seconds, so that "no" is part of every run.</summary>
    private const int Few = 40;

    /// <summary>Longest time for the end: open calls, unknown outcomes, the last state.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);

    /// <summary>Each may take as long as the client's own bound, 12 s.</summary>
    private const int MaxLastReads = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Lets shoppers come while something happens, and asks then for all that stands.</summary>
    /// <param name="during">What happens.</param>
    /// <param name="losses">What the shop admits to have lost, asked at the end.</param>
    /// <param name="ct">Ends the run early; what happened until then is in the record.</param>
    /// <returns>The record for <see cref="Checker"/>, and the arrivals that found every shopper waiting.</returns>
    public async Task<(History History, int TurnedAway)> Go(
        Func<Journal, Task> during,
        Func<IReadOnlyList<AdmittedLoss>> losses,
        CancellationToken ct
    )
    {
        await using var journal = new Journal(journalPath);
        var stock = await Stock();
        var crowd = new Crowd(shop, journal, [.. stock.Keys], seed);
        using var door = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var coming = crowd.Come(arrivalsPerSecond, door.Token);
        await during(journal);
        await door.CancelAsync();
        await coming.WaitAsync(SettleLimit, CancellationToken.None);
        journal.Note("the door is closed");

        var keys = await Keys(crowd, journal);
        var orders = await Orders(crowd, keys);
        var left = new Dictionary<Guid, Stock>();
        foreach (var (product, initial) in stock)
        {
            left[product] = new(initial, (await Get($"/products/{product}")).GetProperty("stock").GetInt32());
        }

        return (new History(journal.Calls, orders, left, losses()), crowd.TurnedAway);
    }

    /// <summary>What the shop says; not to one of the shoppers.</summary>
    public async Task<JsonElement> Get(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        // All shoppers share the client's jar of cookies: a token in it may be old, and let a replica answer that lags.
        request.Headers.Add(Shopper.TokenHeader, NoToken);
        using var response = await shop.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<Dictionary<Guid, int>> Stock()
    {
        var stock = new Dictionary<Guid, int>();
        for (var number = 0; number < PlentifulProducts + ScarceProducts; number++)
        {
            var pieces = number < PlentifulProducts ? Plenty : Few;
            var name = string.Create(CultureInfo.InvariantCulture, $"Chaos {seed}-{number}");
            using var response = await shop.PostAsJsonAsync(
                "/products",
                new
                {
                    name,
                    price = 9.99m,
                    category = "Chaos",
                    stock = pieces,
                }
            );
            response.EnsureSuccessStatusCode();
            var product = await response.Content.ReadFromJsonAsync<JsonElement>();
            stock.Add(product.GetProperty("id").GetGuid(), pieces);
        }

        return stock;
    }

    /// <summary>
    /// Which key made which order: as it was told or, where the buyer never heard, as the shop says now. An outcome that is
    /// asked for again may happen only now; that is as good as then.
    /// </summary>
    private static async Task<Dictionary<Guid, string>> Keys(Crowd crowd, Journal journal)
    {
        var keys = new Dictionary<Guid, string>();
        var shoppers = crowd.Shoppers.ToDictionary(shopper => shopper.User, StringComparer.Ordinal);
        foreach (var call in journal.Calls.Where(call => call.IsPurchase))
        {
            var (outcome, order) = (call.Outcome, call.Order);
            for (var tries = 0; outcome == Outcome.Unknown && tries < SettleLimit / Pause; tries++)
            {
                (outcome, order, _, _) = await shoppers[call.User].Send(call);
                if (outcome == Outcome.Unknown)
                {
                    await Task.Delay(Pause);
                }
            }

            if (order is { } id)
            {
                keys[id] = call.Key;
            }
        }

        return keys;
    }

    /// <summary>All orders that stand at the end.</summary>
    /// <exception cref="HttpRequestException">The shop does not come to rest.</exception>
    private static async Task<IReadOnlyList<StoredOrder>> Orders(Crowd crowd, Dictionary<Guid, string> keys)
    {
        var stored = new List<StoredOrder>();
        foreach (var shopper in crowd.Shoppers)
        {
            var orders = await shopper.Orders();
            for (var tries = 0; orders is null && tries < MaxLastReads; tries++)
            {
                await Task.Delay(Pause);
                orders = await shopper.Orders();
            }

            foreach (var order in orders ?? throw new HttpRequestException($"{shopper.User}'s orders cannot be read."))
            {
                var id = order.GetProperty("id").GetGuid();
                var user = order.GetProperty("userId").GetString()!;
                stored.Add(new(id, user, keys.GetValueOrDefault(id), Shopper.LinesOf(order)));
            }
        }

        return stored;
    }
}
