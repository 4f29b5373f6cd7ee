using System.Diagnostics;
using System.Globalization;
using LaboratoryBench.Chaos;

namespace LaboratoryBench.Failover;

/// <summary>
/// Orders a second in synchronous mirroring against basic mode: two workshops side by side that take turns, so that
/// whatever else the machine does meets both.
/// </summary>
internal static class Throughput
{
    private const int Turns = 4;
    private const double WantedRatio = 0.6;
    private const int WantedAt = 8;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);
    private static readonly int[] Connections = [1, WantedAt, 32];

    /// <summary>Measures; how often faults are done does not matter here.</summary>
    public static async Task<Measurement> Measure(FailoverOptions options)
    {
        await using var basic = await ChaosWorkshop.Start("basic", CancellationToken.None);
        await using var mirrored = await ChaosWorkshop.Start("synchronous", CancellationToken.None);
        var basicProducts = await Buyers.Products(basic.Shop);
        var mirroredProducts = await Buyers.Products(mirrored.Shop);
        var figures = new List<Figure>();
        foreach (var connections in Connections)
        {
            double basicOrders = 0;
            double mirroredOrders = 0;
            // The first turn of each warms up.
            for (var turn = 0; turn <= Turns; turn++)
            {
                var one = await Buy(basic.Shop, basicProducts, connections);
                var other = await Buy(mirrored.Shop, mirroredProducts, connections);
                (basicOrders, mirroredOrders) = turn == 0 ? (0, 0) : (basicOrders + one, mirroredOrders + other);
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"synchronous / basic, {connections} connections");
            var ratio = basicOrders > 0 ? mirroredOrders / basicOrders : 0;
            figures.Add(
                connections == WantedAt ? Figure.AtLeast(name, WantedRatio, ratio) : Figure.Of(name, Figure.Text(ratio))
            );
            figures.Add(
                Figure.Of(
                    string.Create(CultureInfo.InvariantCulture, $"orders/s, {connections} connections"),
                    $"{Figure.Text(mirroredOrders / Turns)} / {Figure.Text(basicOrders / Turns)}"
                )
            );
        }

        var how = string.Create(
            CultureInfo.InvariantCulture,
            $"Each connection buys one piece and, once answered, the next; {Turns} turns of {Turn.TotalSeconds:0} s each, both modes in turn."
        );
        return new(how, figures, Violations: 0);
    }

    /// <summary>One turn.</summary>
    /// <returns>Acknowledged orders per second.</returns>
    /// <exception cref="InvalidOperationException">An order was not taken: a rate of failures says nothing.</exception>
    private static async Task<double> Buy(HttpClient shop, IReadOnlyList<Guid> products, int connections)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(One));
        return counts.Sum() / clock.Elapsed.TotalSeconds;

        async Task<int> One(int number)
        {
            var bought = 0;
            var user = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");
            for (var next = number; clock.Elapsed < Turn; next += connections)
            {
                using var request = Buyers.Purchase(products[next % products.Count], user);
                using var response = await shop.SendAsync(request);
                bought += response.IsSuccessStatusCode
                    ? 1
                    : throw new InvalidOperationException($"An order was answered with {(int)response.StatusCode}.");
            }

            return bought;
        }
    }
}
