using System.Diagnostics;

namespace Consensus.Bench;

/// <summary>
/// Latency of one query at a time: the consensus, and each member, in turns so that both see the same machine.
/// </summary>
internal static class PredictBench
{
    private const string Query = "/predict?sepalLength=5.9&sepalWidth=3.0&petalLength=4.2&petalWidth=1.5";

    private const int WarmUps = 300;

    private const int Rounds = 2000;

    internal static async Task<int> Run(string consensus, IReadOnlyList<string> members)
    {
        using var client = new HttpClient();
        string[] addresses = [consensus, .. members];
        var times = addresses.Select(_ => new List<double>(Rounds)).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var index = 0; index < addresses.Length; index++)
            {
                var watch = Stopwatch.StartNew();
                using var response = await client.GetAsync(new Uri(addresses[index] + Query));
                response.EnsureSuccessStatusCode();
                if (round >= 0)
                {
                    times[index].Add(watch.Elapsed.TotalMilliseconds);
                }
            }
        }

        for (var index = 0; index < addresses.Length; index++)
        {
            times[index].Sort();
            Console.WriteLine(
                $"{addresses[index], -28} p50 {At(times[index], 0.50), 7:0.00} ms   p99 {At(times[index], 0.99), 7:0.00} ms"
            );
        }

        var members50 = times.Skip(1).Average(own => At(own, 0.50));
        Console.WriteLine(
            $"consensus p50 / members' mean p50: {At(times[0], 0.50) / members50:0.0} (wanted: 2; p99: 25 ms)"
        );
        return 0;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
