using System.Diagnostics;
using System.Globalization;
using System.Text;
using Consensus.Ledger;
using Workshop.Figures;
using Workshop.Ledger.Mechanism;

namespace Consensus.Bench;

/// <summary>
/// How mechanism and ledger grow with the members: what a batch of 32 rows costs to settle, and the bytes of its block. The
/// members' answers are made here, so no network and no predictor is in it.
/// </summary>
internal static class ScaleBench
{
    private const string Document = "scale.md";

    private const string Marker = "bench/consensus scale";

    private static readonly (int Members, int Batches)[] Sizes = [(6, 200), (64, 40), (256, 10), (1000, 4)];

    internal static int Run(bool write)
    {
        var table = new StringBuilder();
        table.AppendLine(
            "| members | network | one batch settled and written, ms | its block, bytes | per member, bytes |"
        );
        table.AppendLine("| ---: | --- | ---: | ---: | ---: |");
        foreach (var (members, batches) in Sizes)
        {
            foreach (var network in Network.All.Values)
            {
                var (milliseconds, bytes) = Measure(network, members, batches);
                table.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {members} | {network.Name} | {milliseconds:0.0} | {bytes} | {bytes / members} |"
                );
            }
        }

        Console.Write(table);
        if (write)
        {
            FigureDocument.Write(Document, Marker, table.ToString());
        }

        return 0;
    }

    /// <summary>The median of the later half of the batches: by then the compiler has come to rest.</summary>
    private static (double Milliseconds, long Bytes) Measure(Network network, int members, int batches)
    {
        var folder = Directory.CreateTempSubdirectory("workshop-bench-").FullName;
        try
        {
            using var chain = new LedgerChain(folder, TimeProvider.System);
            chain.Commit([
                .. SettleBench
                    .Founding(network, members)
                    .Select(entry => new Pending(_ => entry is RulesEntry ? RoomFor(members) : entry)),
            ]);
            var file = Path.Combine(folder, LedgerFile.FileName);
            var times = new List<double>(batches);
            var (before, bytes) = (0L, 0L);
            for (var batch = 0; batch < batches; batch++)
            {
                var asked = SettleBench.Ask(network, members, batch);
                before = new FileInfo(file).Length;
                var watch = Stopwatch.StartNew();
                chain.Commit([new Pending(_ => asked)]);
                times.Add(watch.Elapsed.TotalMilliseconds);
                bytes = new FileInfo(file).Length - before;
            }

            return (times.Skip(batches / 2).Order().ElementAt(batches / 4), bytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The rules, but for their bound on members.</summary>
    private static RulesEntry RoomFor(int members) =>
        new(Parameters.Default with { MaximumMembers = Math.Max(Parameters.Default.MaximumMembers, members) });
}
