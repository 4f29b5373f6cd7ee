using System.Diagnostics;
using Consensus.Mechanism;
using Predictors.Models.Learners;

namespace Workshop.Tests.Consensus.Attacks;

/// <summary><c>dotnet run --project Workshop.Tests -- attacks [--write]</c>: every attack, share and network.</summary>
internal static class AttackMatrix
{
    internal const string Command = "attacks";

    private const int Members = 20;

    private const int Batches = 160;

    private static readonly int[] Shares = [20, 30, 40, 45];

    /// <summary>Runs the matrix and prints it; with <c>--write</c> it becomes docs/attacks.md with its plots.</summary>
    internal static async Task<int> Run(string[] args)
    {
        var watch = Stopwatch.StartNew();
        var cells = await Task.Run(() =>
            Network.All.Keys.AsParallel().AsOrdered().SelectMany(network => Of(network, LearnerCatalogue.All)).ToArray()
        );
        var report = new AttackReport(cells, Members, Batches);
        Console.WriteLine(report.Markdown());
        Console.WriteLine($"{cells.Length} cells in {watch.Elapsed.TotalSeconds:0} s. What misses the wanted:");
        foreach (var miss in report.Misses())
        {
            Console.WriteLine("  " + miss);
        }

        if (args.Contains("--write", StringComparer.Ordinal))
        {
            await report.Write();
        }

        return 0;
    }

    /// <summary>All cells of a network; the honest alone stand first, one per share.</summary>
    private static IEnumerable<Cell> Of(string network, IReadOnlyList<ILearner> learners)
    {
        var crowd = TrainedCrowd.Train(network, Members, learners);
        var simulation = new Simulation(crowd, Batches, Parameters.Default);
        return Enum.GetValues<Attack>()
            .Cast<Attack?>()
            .Prepend(null)
            .SelectMany(attack => Shares.Select(share => simulation.Run(attack, share)));
    }
}
