using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LaboratoryBench.Chaos;
using Workshop.ServiceDefaults.Identity;

namespace LaboratoryBench.Failover;

/// <summary>What shoppers feel when a server of the shop is killed or stopped.</summary>
internal static class ServerLoss
{
    private const double RequestsPerSecond = 300;

    /// <summary>Most requests before the first fault, to compare with; and half as many before those, to warm up.</summary>
    private const int MostCalm = 4_000;

    /// <summary>Time between two faults, beyond the time that one takes.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time until a server that was started is healthy.</summary>
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(60);

    /// <summary>Requests at a rate of their own while servers are killed and stopped in turn.</summary>
    public static async Task<Measurement> Measure(FailoverOptions options)
    {
        await using var workshop = await ChaosWorkshop.Start("synchronous", CancellationToken.None);
        var products = await Buyers.Products(workshop.Shop);
        var load = new SteadyLoad(workshop.Shop, products, RequestsPerSecond);
        var calmCount = Math.Min(options.Requests, MostCalm);
        await load.Send(calmCount / 2);
        var calm = await load.Send(calmCount);

        using var over = new CancellationTokenSource();
        var faults = Faults(workshop.Control, load.Clock, over.Token);
        var stormy = await load.Send(options.Requests);
        await over.CancelAsync();
        var struck = await faults;

        var gone = stormy.Where(sent => struck.Any(loss => sent.IsWithin(Absence, loss.At))).ToList();
        var fresh = stormy.Where(sent =>
            struck.Any(loss =>
                string.Equals(sent.Server, loss.Server, StringComparison.Ordinal) && sent.IsWithin(Youth, loss.BackAt)
            )
        );
        var (calmP99, stormyP99) = (P99(calm), P99(stormy));
        var how = string.Create(
            CultureInfo.InvariantCulture,
            $"Servers of the shop are killed (SIGKILL) and stopped (SIGTERM) in turn, {struck.Count} times, and started again after 1 s; {stormy.Count} requests, {RequestsPerSecond} a second, one in ten a purchase; synchronous mirroring."
        );
        return new(
            how,
            [
                Figure.AtMost($"requests failed, of {stormy.Count}", 0, stormy.Count(sent => !sent.IsGood)),
                Figure.AtMost("added p99 over all of them, ms", 100, stormyP99 - calmP99),
                Figure.AtMost("added p99 in the second after a kill or stop, ms", 100, P99(gone) - calmP99),
                Figure.Of(
                    $"p99 of a server's own answers in its first {Youth.TotalSeconds:0} s back, ms",
                    Figure.Text(P99([.. fresh]))
                ),
                Figure.Of(
                    "p50 / p99 without faults, ms",
                    $"{Figure.Text(Quantile(calm, 0.5))} / {Figure.Text(calmP99)}"
                ),
                Figure.Of(
                    "p50 / p99 / longest with faults, ms",
                    $"{Figure.Text(Quantile(stormy, 0.5))} / {Figure.Text(stormyP99)} / {Figure.Text(Quantile(stormy, 1))}"
                ),
            ],
            Violations: stormy.Count(sent => !sent.IsGood)
        );
    }

    /// <summary>Kills and stops servers in turn, and starts each again.</summary>
    private static async Task<IReadOnlyList<Loss>> Faults(
        WorkshopControl control,
        Stopwatch clock,
        CancellationToken over
    )
    {
        var struck = new List<Loss>();
        while (!over.IsCancellationRequested)
        {
            var server = struck.Count / 2 % 2 == 0 ? "shop-api-1" : "shop-api-2";
            var at = clock.Elapsed;
            await control.Command(server, struck.Count % 2 == 0 ? "kill" : "stop");
            await Task.Delay(Absence, CancellationToken.None);
            await control.Command(server, "start");
            for (var until = clock.Elapsed + HealthLimit; !await control.IsHealthy(server); )
            {
                if (clock.Elapsed > until)
                {
                    throw new TimeoutException($"{server} is not healthy again.");
                }

                await Task.Delay(Pause, CancellationToken.None);
            }

            struck.Add(new(server, at, clock.Elapsed));
            await Task.Delay(Calm, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return struck;
    }

    /// <summary>A server that was killed or stopped, when, and when it was healthy again.</summary>
    private sealed record Loss(string Server, TimeSpan At, TimeSpan BackAt);

    private static double P99(IReadOnlyCollection<SentRequest> sent) => Quantile(sent, 0.99);

    private static double Quantile(IReadOnlyCollection<SentRequest> sent, double quantile) =>
        PrimaryLoss.Milliseconds([.. sent.Select(request => request.Took)], quantile);
}

/// <summary>One request of a steady load.</summary>
/// <param name="At">When it was due, by the load's clock.</param>
/// <param name="Took">From then to the whole answer, so that a slow shop is not spared.</param>
/// <param name="IsGood">It was answered as it should be.</param>
/// <param name="Server">Who answered; empty for nobody.</param>
internal sealed record SentRequest(TimeSpan At, TimeSpan Took, bool IsGood, string Server)
{
    /// <summary>Whether it was due within so much after a moment.</summary>
    public bool IsWithin(TimeSpan span, TimeSpan after) => At > after && At < after + span;
}

/// <summary>Requests at a rate of their own, on the storefront's client path: reads, and one purchase in ten.</summary>
internal sealed class SteadyLoad(HttpClient shop, IReadOnlyList<Guid> products, double requestsPerSecond)
{
    private const int RequestsPerPurchase = 10;

    private long purchases;

    /// <summary>Time since the load was made.</summary>
    public Stopwatch Clock { get; } = Stopwatch.StartNew();

    /// <summary>Sends so many, and waits for the last answer.</summary>
    public async Task<IReadOnlyCollection<SentRequest>> Send(int count)
    {
        var sent = new ConcurrentQueue<SentRequest>();
        var under = new Task[count];
        var start = Clock.Elapsed;
        for (var number = 0; number < count; number++)
        {
            var due = start + TimeSpan.FromSeconds(number / requestsPerSecond);
            if (due - Clock.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait);
            }

            under[number] = One(number, due, sent);
        }

        await Task.WhenAll(under);
        return sent;
    }

    private async Task One(int number, TimeSpan due, ConcurrentQueue<SentRequest> sent)
    {
        await Task.Yield();
        var product = products[number % products.Count];
        var isGood = false;
        var server = "";
        try
        {
            using var request = Request(number, product);
            using var response = await shop.SendAsync(request);
            isGood = response.IsSuccessStatusCode;
            server = response.Headers.TryGetValues(ServedBy.Header, out var by) ? by.First() : "";
            if (!isGood)
            {
                Console.WriteLine($"request {number} failed: {request.Method} {(int)response.StatusCode}");
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            Console.WriteLine($"request {number} failed: {error.Message}");
        }

        sent.Enqueue(new(due, Clock.Elapsed - due, isGood, server));
    }

    private HttpRequestMessage Request(int number, Guid product) =>
        (number % RequestsPerPurchase) switch
        {
            0 => Buyers.Purchase(product, "steady", $"steady-{Interlocked.Increment(ref purchases)}"),
            < RequestsPerPurchase / 2 => new(HttpMethod.Get, "/products?limit=20"),
            _ => new(HttpMethod.Get, $"/products/{product}"),
        };
}
