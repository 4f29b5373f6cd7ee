using System.Diagnostics;
using System.Globalization;
using System.Text;
using LaboratoryBench.Chaos;
using Workshop.Figures;

namespace LaboratoryBench.Replicas;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- replicas [kills]</c>: the leader of three is killed at so many random points,
/// of the consensus and then of the registry, and the time of a block is measured with one process and with three. The tables
/// go into docs/replicas.md.
/// </summary>
internal static class ReplicasCommand
{
    private const int DefaultKills = 200;

    private const int MostKills = 1000;

    private const int BlocksMeasured = 200;

    private const int BlocksBefore = 50;

    private const string KillMark = "bench/replicas kills";

    private const string CostMark = "bench/replicas cost";

    private const string RegistryMark = "bench/replicas registry";

    internal static async Task<int> Run(string[] args)
    {
        var kills = DefaultKills;
        if (
            args.Length > 1
            || (
                args is [var text]
                && !(int.TryParse(text, CultureInfo.InvariantCulture, out kills) && kills is > 0 and <= MostKills)
            )
        )
        {
            await Console.Error.WriteLineAsync($"usage: replicas [kills, 1 to {MostKills}]");
            return 2;
        }

        var cost = await Cost(CancellationToken.None);
        Console.WriteLine(cost);
        FigureDocument.Write("replicas.md", CostMark, cost);
        var figures = await LeaderKills.Go(kills, Environment.TickCount, CancellationToken.None);
        Console.WriteLine(figures.Table());
        FigureDocument.Write("replicas.md", KillMark, figures.Table());
        var registries = await RegistryKills.Go(kills, Environment.TickCount, CancellationToken.None);
        Console.WriteLine(registries.Table());
        FigureDocument.Write("replicas.md", RegistryMark, registries.Table());
        return figures.IsGood && registries.Lost == 0 ? 0 : 1;
    }

    /// <summary>Batches of four rows, one after the other, asked of the one that writes.</summary>
    private static async Task<string> Cost(CancellationToken ct)
    {
        var table = new StringBuilder();
        table.AppendLine("| replicas | a batch, p50 | a batch, p99 |");
        table.AppendLine("| ---: | ---: | ---: |");
        foreach (var count in new[] { 1, 3 })
        {
            await using var group = await ReplicaGroup.Start(ct, count);
            var leader = count == 1 ? 0 : await group.Leader(ct);
            var times = new List<TimeSpan>();
            // The first ones are the compiler's.
            for (var block = -BlocksBefore; block < BlocksMeasured; block++)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await group.Batch(leader, $"a-key-for-the-block-{BlocksBefore + block:000}", ct);
                answer.EnsureSuccessStatusCode();
                if (block >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(began));
                }
            }

            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {count} | {P(times, 0.5):0.0} ms | {P(times, 0.99):0.0} ms |"
            );
        }

        return table.ToString();

        static double P(List<TimeSpan> times, double share) => Gaps.Quantile(times, share).TotalMilliseconds;
    }
}
