using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;

namespace Workshop.Tests.Chaos;

/// <summary>
/// <c>dotnet run --project Workshop.Tests -- failover [kills]</c>: the table of docs/storage.md, measured on whole
/// workshops of its own. Run it on a quiet machine, through <c>bench/failover/run.sh</c>.
/// </summary>
internal static class FailoverBench
{
    private const int UsualKills = 50;
    private const double ArrivalsPerSecond = 50;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    /// <summary>Longest time for one series of faults.</summary>
    private static readonly TimeSpan SeriesLimit = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(15);

    private static readonly int[] Connections = [1, 8, 32];

    /// <summary>Measures and prints.</summary>
    /// <param name="args">The number of kills of the primary; other faults are done a fifth as often.</param>
    /// <returns>0; 1 when an order was lost or doubled; 2 for a bad argument.</returns>
    public static async Task<int> Run(string[] args)
    {
        var kills = UsualKills;
        if (
            args.Length > 1
            || (args.Length == 1 && !(int.TryParse(args[0], CultureInfo.InvariantCulture, out kills) && kills > 0))
        )
        {
            await Console.Error.WriteLineAsync("usage: failover [number of kills of the primary]");
            return 2;
        }

        var few = Math.Max(1, kills / 5);
        var report = new StringBuilder();
        var broken = 0;
        foreach (
            var (mode, only, count) in new (string, FaultKind[], int)[]
            {
                ("synchronous", [FaultKind.KillPrimary], kills),
                ("synchronous", [FaultKind.PausePrimary], few),
                ("synchronous", [FaultKind.KillReplica], few),
                ("synchronous", [FaultKind.KillApi, FaultKind.StopApi], 2 * few),
                ("asynchronous", [FaultKind.KillPrimary], few),
            }
        )
        {
            var result = await ChaosCommand.Run(Series(mode, only, count), CancellationToken.None);
            broken += result.Violations.Count;
            report.Append(result.Summary()).AppendLine(Latencies(result)).AppendLine();
        }

        report.AppendLine(await Throughput());
        Console.WriteLine(report);
        return broken == 0 ? 0 : 1;
    }

    private static ChaosOptions Series(string mode, IReadOnlyList<FaultKind> only, int count) =>
        new()
        {
            Mode = mode,
            Only = only,
            MaxFaults = count,
            Duration = SeriesLimit,
            ArrivalsPerSecond = ArrivalsPerSecond,
            LongestCalm = Calm,
        };

    /// <summary>How long purchases took within the window after a fault, and otherwise.</summary>
    private static string Latencies(ChaosResult result)
    {
        var buys = result.History.Calls.Where(call => call is { Kind: CallKind.Buy, Outcome: Outcome.Ok }).ToList();
        var near = buys.Where(call => result.Faults.Any(fault => IsNear(call, fault))).Select(Duration).ToList();
        var far = buys.Where(call => !result.Faults.Any(fault => IsNear(call, fault))).Select(Duration).ToList();
        return near.Count == 0 || far.Count == 0
            ? "latencies: too few purchases"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"purchase p99: {Gaps.Quantile(far, 0.99).TotalMilliseconds:0} ms in calm, {Gaps.Quantile(near, 0.99).TotalMilliseconds:0} ms within 2 s of a fault"
            );

        static TimeSpan Duration(Call call) => call.Ended - call.Invoked;
        static bool IsNear(Call call, Fault fault) =>
            call.Ended > fault.At && call.Invoked < fault.At + TimeSpan.FromSeconds(2);
    }

    /// <summary>Orders a second through one server of the shop, in both modes, in the same run.</summary>
    private static async Task<string> Throughput()
    {
        var basic = await Rates("basic");
        var mirrored = await Rates("synchronous");
        var text = new StringBuilder(
            "| connections | basic orders/s | synchronous orders/s | ratio |\n| ---: | ---: | ---: | ---: |\n"
        );
        for (var index = 0; index < Connections.Length; index++)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {Connections[index]} | {basic[index]:0} | {mirrored[index]:0} | {mirrored[index] / basic[index]:0.00} |"
            );
        }

        return text.ToString();
    }

    private static async Task<IReadOnlyList<double>> Rates(string mode)
    {
        await using var host = await ChaosWorkshop.Start(mode, CancellationToken.None);
        using var clients = new ShopClients(host.Control.Registry);
        if (mode is not "basic")
        {
            await host.Control.UntilArmed(TimeSpan.FromMinutes(1));
        }

        var products = await Products(clients.Http);
        var rates = new List<double>();
        foreach (var connections in Connections)
        {
            await Buy(clients.Http, products, connections, WarmUp);
            rates.Add(await Buy(clients.Http, products, connections, Measured));
        }

        return rates;
    }

    private static async Task<IReadOnlyList<Guid>> Products(HttpClient shop)
    {
        var products = new List<Guid>();
        for (var number = 0; number < 100; number++)
        {
            using var response = await shop.PostAsJsonAsync(
                "/products",
                new
                {
                    name = "Bench",
                    price = 9.99m,
                    category = "Bench",
                    stock = 1_000_000,
                }
            );
            response.EnsureSuccessStatusCode();
            var product = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            products.Add(product.GetProperty("id").GetGuid());
        }

        return products;
    }

    /// <summary>Each connection buys again as soon as it is answered.</summary>
    /// <returns>Acknowledged orders per second.</returns>
    private static async Task<double> Buy(HttpClient shop, IReadOnlyList<Guid> products, int connections, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(One));
        return counts.Sum() / clock.Elapsed.TotalSeconds;

        async Task<int> One(int number)
        {
            var bought = 0;
            for (var next = number; clock.Elapsed < time; next += connections)
            {
                using var response = await shop.PostAsJsonAsync(
                    "/orders",
                    new
                    {
                        userId = $"bench-{number}",
                        items = new[] { new { productId = products[next % products.Count], quantity = 1 } },
                    }
                );
                bought += response.IsSuccessStatusCode ? 1 : 0;
            }

            return bought;
        }
    }
}
