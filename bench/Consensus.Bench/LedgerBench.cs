using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Consensus.Ledger;
using Workshop.Figures;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Bench;

/// <summary>Durable appends and verified blocks per second, beside what the machine can do.</summary>
internal static class LedgerBench
{
    private const int Appenders = 64;

    private const int AppendsEach = 100;

    private const int Flushes = 300;

    private const int LargestGroup = 256;

    private const int VerifiedBlocks = 1_000_000;

    private const int BlocksPerWrite = 10_000;

    private const int WantedAppends = 2000;

    private const int WantedSeconds = 20;

    private const string Marker = "bench/consensus ledger";

    internal static async Task<int> Run(bool write)
    {
        var folder = Directory.CreateTempSubdirectory("workshop-bench-").FullName;
        try
        {
            var raw = RawFlushes(folder);
            var appends = await Appends(Path.Combine(folder, "appends"));
            var verified = Verify(Path.Combine(folder, "verify"));
            var table = new StringBuilder();
            table.AppendLine("| what | seen | limit of the machine | seen : limit | wanted |");
            table.AppendLine("| --- | ---: | ---: | ---: | ---: |");
            table.Append(CultureInfo.InvariantCulture, $"| durable appends of {Appenders} callers, group commit ");
            table.Append(CultureInfo.InvariantCulture, $"| {appends:0} /s | {raw:0} /s (256 bytes + fsync) ");
            table.AppendLine(CultureInfo.InvariantCulture, $"| {appends / raw:0.0} | at least {WantedAppends} /s |");
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {verified.Blocks} blocks ({verified.Megabytes:0} MB) verified "
            );
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {verified.Seconds:0.00} s | {verified.Raw:0.000} s (SHA-256) "
            );
            table.Append(CultureInfo.InvariantCulture, $"| {verified.Seconds / verified.Raw:0.0} ");
            table.AppendLine(CultureInfo.InvariantCulture, $"| at most {WantedSeconds} s |");
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

    private static double RawFlushes(string folder)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "raw"), FileMode.Create, FileAccess.Write);
        var bytes = new byte[256];
        var watch = Stopwatch.StartNew();
        for (var flush = 0; flush < Flushes; flush++)
        {
            RandomAccess.Write(file, bytes, flush * (long)bytes.Length);
            RandomAccess.FlushToDisk(file);
        }

        return Flushes / watch.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// The service's own loop, without its host: callers wait for their block, one reader commits groups.
    /// </summary>
    private static async Task<double> Appends(string folder)
    {
        using var chain = new LedgerChain(folder, TimeProvider.System);
        var queue = Channel.CreateUnbounded<Pending>();
        var writer = Task.Run(async () =>
        {
            var group = new List<Pending>();
            while (await queue.Reader.WaitToReadAsync())
            {
                group.Clear();
                while (group.Count < LargestGroup && queue.Reader.TryRead(out var pending))
                {
                    group.Add(pending);
                }

                chain.Commit(group);
                group.ForEach(pending => pending.Complete());
            }
        });
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, Appenders)
                .Select(async _ =>
                {
                    for (var append = 0; append < AppendsEach; append++)
                    {
                        var pending = new Pending(_ => new TreasuryEntry(1));
                        await queue.Writer.WriteAsync(pending);
                        await pending.Done;
                    }
                })
        );
        var rate = Appenders * AppendsEach / watch.Elapsed.TotalSeconds;
        queue.Writer.Complete();
        await writer;
        return rate;
    }

    private static (long Blocks, double Megabytes, double Seconds, double Raw) Verify(string folder)
    {
        var path = Path.Combine(folder, LedgerFile.FileName);
        using (var chain = new LedgerChain(folder, TimeProvider.System))
        {
            for (var written = 0; written < VerifiedBlocks; written += BlocksPerWrite)
            {
                chain.Commit([
                    .. Enumerable.Range(0, BlocksPerWrite).Select(_ => new Pending(_ => new TreasuryEntry(1))),
                ]);
            }
        }

        var watch = Stopwatch.StartNew();
        using (var file = File.OpenRead(path))
        {
            SHA256.HashData(file);
        }

        var raw = watch.Elapsed.TotalSeconds;
        var replay = new Replay();
        watch.Restart();
        using (var file = File.OpenRead(path))
        {
            LedgerReader.ReadAll(file, replay);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return (replay.Count, new FileInfo(path).Length / 1e6, seconds, raw);
    }
}
