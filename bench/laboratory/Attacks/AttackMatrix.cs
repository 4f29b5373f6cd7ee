using System.Diagnostics;
using System.Globalization;
using Predictors.Models.Learners;
using Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Attacks;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- attacks [--write] [--seeds 7,9001]</c>: every attack, share, network and split.
/// </summary>
internal static class AttackMatrix
{
    internal const string Command = "attacks";

    /// <summary>Members of the crowd.</summary>
    internal const int Members = 20;

    /// <summary>Members of the small crowd: as many as the workshop starts.</summary>
    internal const int Few = 6;

    /// <summary>Batches of a cell.</summary>
    internal const int Batches = 160;

    /// <summary>Batches of the long honest run.</summary>
    internal const int LongRun = 1000;

    /// <summary>One old split, and four that no formula was chosen on.</summary>
    private static readonly int[] Splits = [7, 9001, 9002, 9003, 9004];

    private static readonly int[] Shares = [20, 30, 40, 45];

    /// <summary>What liars that are most of the members do.</summary>
    private static readonly Attack[] Majorities = [Attack.LabelFlip, Attack.Collusion];

    private static readonly int[] MajorityShares = [55, 60, 70];

    /// <summary>One or two of six, in per cent.</summary>
    private static readonly int[] FewShares = [17, 34];

    /// <summary>Runs the matrix and prints it; with <c>--write</c> it becomes docs/attacks.md with its plots.</summary>
    internal static async Task<int> Run(string[] args)
    {
        var watch = Stopwatch.StartNew();
        var at = Array.IndexOf(args, "--seeds");
        int[] splits =
            at >= 0
                ? [.. args[at + 1].Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))]
                : Splits;
        var work = Network.All.Keys.SelectMany(_ => splits, (network, split) => (network, split)).ToArray();
        var cells = await Task.Run(() =>
            work.AsParallel()
                .AsOrdered()
                .WithMergeOptions(ParallelMergeOptions.NotBuffered)
                .SelectMany(item => Of(item.network, item.split, watch))
                .ToArray()
        );
        var report = new AttackReport(cells, splits);
        Console.WriteLine(report.Markdown());
        Console.WriteLine($"{cells.Length} runs in {watch.Elapsed.TotalSeconds:0} s. What misses the wanted:");
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

    /// <summary>All runs of a network on one split.</summary>
    private static List<Cell> Of(string network, int split, Stopwatch watch)
    {
        var crowd = TrainedCrowd.Train(network, Members, LearnerCatalogue.All, split);
        var simulation = new Simulation(crowd, Batches, Parameters.Default);
        var runs = new List<Cell>();
        foreach (var share in Shares)
        {
            runs.Add(simulation.Run(null, share));
            runs.AddRange(Enum.GetValues<Attack>().Select(attack => simulation.Run(attack, share)));
        }

        foreach (var share in MajorityShares)
        {
            runs.Add(simulation.Run(null, share));
            runs.AddRange(Majorities.Select(attack => simulation.Run(attack, share)));
        }

        var few = new Simulation(
            TrainedCrowd.Train(network, Few, LearnerCatalogue.All, split),
            Batches,
            Parameters.Default
        );
        foreach (var share in FewShares)
        {
            runs.Add(few.Run(null, share) with { Members = Few });
            runs.AddRange(Enum.GetValues<Attack>().Select(attack => few.Run(attack, share) with { Members = Few }));
        }

        runs.Add(new Simulation(crowd, LongRun, Parameters.Default).Run(null, 0) with { IsLong = true });
        Console.Error.WriteLine($"{network} {split}: done after {watch.Elapsed.TotalSeconds:0} s");
        // What is drawn needs the weights of one split alone; the states are large.
        return [.. runs.Select(run => run with { Final = State.Empty, Split = split })];
    }
}
