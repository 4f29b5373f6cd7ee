using System.Diagnostics;
using System.Globalization;

namespace ShopBench;

/// <summary>One number with where it comes from.</summary>
/// <param name="Route">list, product, cart or order.</param>
/// <param name="Connections">How many at once.</param>
/// <param name="Contender">shop, peer, direct, and commit for what writes or bare for what reads.</param>
/// <param name="PerSecond">Answers per second, all of them good.</param>
internal sealed record Result(string Route, int Connections, string Contender, double PerSecond);

/// <summary>
/// Measures all contenders in turn, several rounds, so that what the machine does meanwhile hits all alike; the median of the
/// rounds counts, so that a spike of load in one or two of them does not.
/// </summary>
internal static class Measurement
{
    /// <summary>With this the whole run takes about ten minutes.</summary>
    public const int DefaultSeconds = 2;

    public const int Rounds = 5;

    public static readonly string[] Routes = ["list", "product", "cart", "order"];

    public static readonly int[] Connections = [1, 8, 32];

    private static readonly string[] Writes = ["cart", "order"];

    private const int Seed = 20_260_101;

    public static async Task<List<Result>> Run(Ground ground, string[] routes, TimeSpan duration, CancellationToken ct)
    {
        var results = new List<Result>();
        await using var direct = new DirectNpgsql(
            ground.Database("direct"),
            await File.ReadAllLinesAsync(ground.ProductIds, ct)
        );
        await direct.PrepareCommits(ct);
        foreach (var route in routes)
        {
            foreach (var connections in Connections)
            {
                var rounds = new List<Result>();
                for (var round = 0; round <= Rounds; round++)
                {
                    var measured = await Round(ground, direct, route, connections, duration, ct);
                    // The first round warms up.
                    rounds.AddRange(round == 0 ? [] : measured);
                }

                var medians = rounds
                    .GroupBy(result => result.Contender, StringComparer.Ordinal)
                    .Select(Median)
                    .ToList();
                results.AddRange(medians);
                var figures = medians.Select(result =>
                    string.Create(CultureInfo.InvariantCulture, $"{result.Contender} {result.PerSecond:F0}")
                );
                await Console.Error.WriteLineAsync($"{route}@{connections} per second: {string.Join(", ", figures)}");
            }
        }

        return results;
    }

    private static async Task<List<Result>> Round(
        Ground ground,
        DirectNpgsql direct,
        string route,
        int connections,
        TimeSpan duration,
        CancellationToken ct
    )
    {
        var shop = await Wrk(ground, ground.Shop, route, connections, duration, ct);
        var peer = await Wrk(ground, ground.Peer, route, connections, duration, ct);
        var statements = await direct.Run(route, connections, duration, Seed, ct);
        List<Result> measured =
        [
            new(route, connections, "shop", shop),
            new(route, connections, "peer", peer),
            new(route, connections, "direct", statements),
        ];
        if (Writes.Contains(route, StringComparer.Ordinal))
        {
            var commits = await direct.Run(DirectNpgsql.Commit, connections, duration, Seed, ct);
            measured.Add(new(route, connections, "commit", commits));
        }
        else
        {
            var bare = await Wrk(ground, ground.Bare, route, connections, duration, ct);
            measured.Add(new(route, connections, "bare", bare));
        }

        return measured;
    }

    private static Result Median(IEnumerable<Result> rounds)
    {
        var sorted = rounds.OrderBy(result => result.PerSecond).ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>Runs wrk; throws if a single answer was not good, since a fast refusal is no answer.</summary>
    internal static async Task<double> Wrk(
        Ground ground,
        Uri address,
        string route,
        int connections,
        TimeSpan duration,
        CancellationToken ct
    )
    {
        string[] arguments =
        [
            "--threads=1",
            string.Create(CultureInfo.InvariantCulture, $"--connections={connections}"),
            string.Create(CultureInfo.InvariantCulture, $"--duration={(int)duration.TotalSeconds}s"),
            "--script=" + Path.Combine(AppContext.BaseDirectory, "wrk.lua"),
            address.ToString(),
            "--",
            route,
            ground.ProductIds,
            Seed.ToString(CultureInfo.InvariantCulture),
        ];
        using var wrk =
            Process.Start(
                new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, UseShellExecute = false }
            ) ?? throw new InvalidOperationException("wrk did not start: install Debian's package wrk.");
        var output = await wrk.StandardOutput.ReadToEndAsync(ct);
        await wrk.WaitForExitAsync(ct);
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal));
        var numbers = line
            ?.Split(' ')
            .Skip(1)
            .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
            .ToArray();
        return numbers is [> 0 and var requests, var microseconds, 0, _]
            ? requests * 1e6 / microseconds
            : throw new InvalidOperationException($"{route} at {address}: {line ?? output}");
    }
}
