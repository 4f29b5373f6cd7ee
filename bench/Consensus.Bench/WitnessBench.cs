using System.Diagnostics;
using System.Globalization;
using System.Text;
using Consensus.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Figures;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;

namespace Consensus.Bench;

/// <summary>What a witness does with a ledger of batches: verifies the chain, replays it, verifies signatures.</summary>
internal static class WitnessBench
{
    private const int Members = 6;

    private const int Batches = 5000;

    private const int BatchesPerWrite = 100;

    private const int Signatures = 5000;

    private const int Rounds = 5;

    private const int SmallBlocks = 1_000_000;

    private const int SmallBlocksPerWrite = 10_000;

    private const int WantedBlocks = 20_000;

    private const string Marker = "bench/consensus witness";

    internal static int Run(bool write)
    {
        var folder = Directory.CreateTempSubdirectory("workshop-bench-").FullName;
        try
        {
            Fill(folder);
            var bytes = new FileInfo(Path.Combine(folder, LedgerFile.FileName)).Length;
            var chain = Rate(() =>
            {
                using var copy = LedgerCopy.Open(folder, NullLogger.Instance);
                return copy.Count;
            });
            var entries = Read(folder);
            var (replayed, settled) = InTurns(() => Replay(folder), () => Settle(entries));
            var signatures = Rate(Verify);
            var table = new StringBuilder();
            table.AppendLine("| what | seen | wanted |");
            table.AppendLine("| --- | ---: | ---: |");
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| chain of {Batches} batches of six members verified ({bytes / 1e6:0} MB) | {chain:0} blocks/s | {WantedBlocks} blocks/s |"
            );
            table.AppendLine(CultureInfo.InvariantCulture, $"| signatures verified | {signatures:0} /s | |");
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| the same chain replayed, settling alone beside it | {replayed:0} and {settled:0} blocks/s: {100 * replayed / settled:0} % | 80 % |"
            );
            AddMillion(table);
            Console.Write(table);
            if (write)
            {
                FigureDocument.Write("performance.md", Marker, table.ToString());
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A second.</summary>
    private static double Rate(Func<long> work)
    {
        var watch = Stopwatch.StartNew();
        var done = work();
        return done / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Medians of both, in turns; the first one waits for the compiler.</summary>
    private static (double, double) InTurns(Func<long> one, Func<long> other)
    {
        one();
        other();
        var rates = Enumerable.Range(0, Rounds).Select(_ => (One: Rate(one), Other: Rate(other))).ToList();
        return (Median(rates.Select(rate => rate.One)), Median(rates.Select(rate => rate.Other)));
    }

    private static double Median(IEnumerable<double> rates) => rates.Order().ElementAt(Rounds / 2);

    /// <summary>A long ledger of small blocks: what a witness holds of it in memory must not grow with it.</summary>
    private static void AddMillion(StringBuilder table)
    {
        var folder = Directory.CreateTempSubdirectory("workshop-bench-").FullName;
        try
        {
            FillSmall(folder);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var watch = Stopwatch.StartNew();
            using var copy = LedgerCopy.Open(folder, NullLogger.Instance);
            var verified = copy.Count / watch.Elapsed.TotalSeconds;
            var held = GC.GetTotalMemory(forceFullCollection: true) - before;
            var replayed = Rate(() => Replay(folder));
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| chain of {copy.Count / 1e6:0.0} million small blocks verified ({copy.Length / 1e6:0} MB), "
                    + $"{held / 1e6:0.0} MB held | {verified:0} blocks/s | {WantedBlocks} blocks/s |"
            );
            table.AppendLine(CultureInfo.InvariantCulture, $"| the same chain replayed | {replayed:0} blocks/s | |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void FillSmall(string folder)
    {
        using var chain = new LedgerChain(folder, TimeProvider.System);
        chain.Commit([new Pending(_ => new RulesEntry(Parameters.Default))]);
        for (var block = 0; block < SmallBlocks; block += SmallBlocksPerWrite)
        {
            chain.Commit([
                .. Enumerable.Range(0, SmallBlocksPerWrite).Select(_ => new Pending(_ => new TreasuryEntry(1))),
            ]);
        }
    }

    private static void Fill(string folder)
    {
        var network = Network.All["titanic"];
        using var chain = new LedgerChain(folder, TimeProvider.System);
        chain.Commit([.. SettleBench.Founding(network, Members).Select(entry => new Pending(_ => entry))]);
        for (var batch = 0; batch < Batches; batch += BatchesPerWrite)
        {
            chain.Commit([
                .. Enumerable
                    .Range(batch, BatchesPerWrite)
                    .Select(number => new Pending(_ => SettleBench.Ask(network, Members, number))),
            ]);
        }
    }

    private static long Replay(string folder, Action<Block, Place>? found = null)
    {
        var replay = new Replay();
        using var file = File.OpenRead(Path.Combine(folder, LedgerFile.FileName));
        LedgerReader.ReadAll(file, replay, found);
        return replay.Count;
    }

    private static List<Entry> Read(string folder)
    {
        var entries = new List<Entry>();
        Replay(folder, (block, _) => entries.Add(block.Payload));
        return entries;
    }

    private static long Settle(List<Entry> entries)
    {
        var state = State.Empty;
        foreach (var entry in entries)
        {
            state = ((Applied)Transition.Apply(state, entry)).State;
        }

        return entries.Count;
    }

    private static long Verify()
    {
        using var key = WitnessKey.Create();
        var signed = key.Sign(new(Block.NoHash, 1, Block.NoHash));
        for (var signature = 0; signature < Signatures; signature++)
        {
            if (!WitnessKey.Verifies(key.PublicKey, signed.Checkpoint, signed.Signature))
            {
                throw new InvalidOperationException("The signature does not verify.");
            }
        }

        return Signatures;
    }
}
