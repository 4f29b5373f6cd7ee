using System.Collections.Concurrent;
using System.Globalization;

namespace LaboratoryBench.Chaos;

/// <summary>
/// Shoppers who come at a rate of their own, whether the shop is quick or slow: an open loop, which does not spare a shop
/// that hangs. Each arrival is an idle shopper or, when all are waiting, a new one; their number is bounded.
/// </summary>
internal sealed class Crowd(HttpClient shop, Journal journal, IReadOnlyList<Guid> products, int seed)
{
    /// <summary>Most shoppers; when all of them wait, arrivals are turned away and counted.</summary>
    public const int MaxShoppers = 500;

    /// <summary>
    /// Of a hundred arrivals this many buy at once, and so many fill a cart and check out; the others look at their orders.
    /// </summary>
    private const int BuyersPerHundred = 55;

    private const int CartsPerHundred = 15;
    private const int MaxLinesInCart = 3;

    private readonly ConcurrentBag<Shopper> idle = [];
    private readonly ConcurrentBag<Shopper> all = [];
    private readonly ConcurrentDictionary<Task, byte> visits = new();
    private readonly Random random = new(seed);

    /// <summary>Arrivals that found every shopper waiting.</summary>
    public int TurnedAway { get; private set; }

    /// <summary>Everybody who ever came.</summary>
    public IReadOnlyCollection<Shopper> Shoppers => all;

    /// <summary>Lets shoppers come until <paramref name="ct"/> ends, and waits for the last to leave.</summary>
    /// <param name="arrivalsPerSecond">The mean rate; the times between are exponential.</param>
    /// <param name="ct">Closes the door.</param>
    public async Task Come(double arrivalsPerSecond, CancellationToken ct)
    {
        var next = journal.Now;
        while (!ct.IsCancellationRequested)
        {
            next += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / arrivalsPerSecond);
            if (next - journal.Now is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Arrive();
        }

        await Task.WhenAll(visits.Keys);
    }

    private void Arrive()
    {
        if (!idle.TryTake(out var shopper))
        {
            if (all.Count >= MaxShoppers)
            {
                TurnedAway++;
                return;
            }

            shopper = new(shop, journal, string.Create(CultureInfo.InvariantCulture, $"chaos-{seed}-{all.Count + 1}"));
            all.Add(shopper);
        }

        var visit = Visit(shopper, random.Next(100), [.. Enumerable.Range(0, MaxLinesInCart).Select(_ => Wish())]);
        visits.TryAdd(visit, 0);
        _ = visit.ContinueWith(done => visits.TryRemove(done, out _), TaskScheduler.Default);
    }

    private Line Wish() => new(products[random.Next(products.Count)], random.Next(1, 4));

    private async Task Visit(Shopper shopper, int percent, IReadOnlyList<Line> wishes)
    {
        await Task.Yield();
        if (percent < BuyersPerHundred)
        {
            await shopper.Buy(wishes[0]);
        }
        else if (percent < BuyersPerHundred + CartsPerHundred)
        {
            await shopper.BuyByCart([.. wishes.Take(wishes[0].Quantity)]);
        }

        await shopper.List();
        idle.Add(shopper);
    }
}
