using System.Collections.Concurrent;
using System.Diagnostics;
using LaboratoryBench.Failover;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Siege;

/// <summary>What honest people met for a while.</summary>
/// <param name="OrdersPerSecond">Acknowledged.</param>
/// <param name="PredictionP99">In milliseconds.</param>
/// <param name="Failures">Requests without a good answer within their time.</param>
internal sealed record Sight(double OrdersPerSecond, double PredictionP99, int Failures);

/// <summary>Two buyers and two who ask for predictions, one request after the other each.</summary>
internal sealed class Honest : IAsyncDisposable
{
    private const int OfEach = 2;

    /// <summary>An honest request that takes longer has failed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<double> orders = [];
    private readonly ConcurrentQueue<double> predictions = [];
    private readonly HttpClient shop;
    private readonly HttpClient consensus;
    private Task[] people = [];
    private int failures;

    private Honest(WorkshopProcess workshop) =>
        (shop, consensus) = (
            new() { BaseAddress = workshop.ShopApi1, Timeout = Limit },
            new() { BaseAddress = workshop.Consensus, Timeout = Limit }
        );

    public static async Task<Honest> Start(WorkshopProcess workshop)
    {
        var honest = new Honest(workshop);
        var products = await Buyers.Products(honest.shop);
        var ask = new Uri("/predict?" + StubMember.Setosa, UriKind.Relative);
        honest.people =
        [
            .. Enumerable
                .Range(0, OfEach)
                .Select(buyer =>
                    honest.Repeat(
                        honest.shop,
                        honest.orders,
                        turn => Buyers.Purchase(products[turn % products.Count], $"honest-{buyer}")
                    )
                ),
            .. Enumerable
                .Range(0, OfEach)
                .Select(_ => honest.Repeat(honest.consensus, honest.predictions, _ => new(HttpMethod.Get, ask))),
        ];
        return honest;
    }

    /// <summary>What they meet from now on, for a while.</summary>
    public async Task<Sight> Watch(TimeSpan time)
    {
        orders.Clear();
        predictions.Clear();
        Interlocked.Exchange(ref failures, 0);
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] asked = [.. predictions.Order()];
        return new(
            orders.Count / seconds,
            asked.Length == 0 ? double.PositiveInfinity : asked[(int)(0.99 * (asked.Length - 1))],
            Volatile.Read(ref failures)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(people);
        shop.Dispose();
        consensus.Dispose();
        stop.Dispose();
    }

    private async Task Repeat(HttpClient http, ConcurrentQueue<double> times, Func<int, HttpRequestMessage> next)
    {
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                using var request = next(turn);
                using var answer = await http.SendAsync(request, stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    times.Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    continue;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }
            }

            Interlocked.Increment(ref failures);
        }
    }
}
