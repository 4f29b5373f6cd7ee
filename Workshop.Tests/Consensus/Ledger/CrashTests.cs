using System.Diagnostics;
using System.Globalization;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>Kills a real process that writes a ledger, again and again, at moments that it cannot choose.</summary>
public sealed class CrashTests
{
    private const int Writers = 4;

    private const int KillsPerWriter = 20;

    /// <summary>Longest life of a writer after its first block, in milliseconds.</summary>
    private const int LongestLife = 25;

    [Fact]
    public async Task No_acknowledged_block_is_lost_however_often_the_writer_is_killed()
    {
        var acknowledged = await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(seed => Task.Run(() => KillAgainAndAgain(seed)))
        );

        Assert.All(acknowledged, count => Assert.True(count > KillsPerWriter));
    }

    /// <summary>The other side: appends without end, and says each block's height once it is on disk.</summary>
    internal static async Task<int> Write(string[] args)
    {
        using var chain = new LedgerChain(args[0], TimeProvider.System);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (true)
        {
            var pending = Enumerable.Range(1, 3).Select(cents => new Pending(_ => new TreasuryEntry(cents))).ToArray();
            chain.Commit(pending);
            await output.WriteLineAsync(chain.Now.Head!.Height.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task<long> KillAgainAndAgain(int seed)
    {
        using var folder = new LedgerFolder();
        var random = new Random(seed);
        var acknowledged = -1L;
        for (var kill = 0; kill < KillsPerWriter; kill++)
        {
            acknowledged = Math.Max(acknowledged, await RunAndKill(folder.Path, random.Next(LongestLife)));
            if (kill % 2 == 1)
            {
                Tear(folder.File, acknowledged, random);
            }

            // What the next writer, or a person, would find.
            using var chain = folder.Open();
            Assert.True(
                chain.Now.Count > acknowledged,
                $"Block {acknowledged} was acknowledged, and {chain.Now.Count} blocks are left."
            );
        }

        return acknowledged;
    }

    private static async Task<long> RunAndKill(string folder, int milliseconds)
    {
        var ct = TestContext.Current.CancellationToken;
        using var writer = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, Arguments(folder))
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var last = await writer.StandardOutput.ReadLineAsync(ct);
        var rest = writer.StandardOutput.ReadToEndAsync(ct);
        await Task.Delay(milliseconds, ct);
        writer.Kill();
        await writer.WaitForExitAsync(ct);
        // A line without its end was not heard of.
        var heard = (last + "\n" + await rest).Split('\n')[..^1];
        return heard
            .Select(line => long.TryParse(line, CultureInfo.InvariantCulture, out var height) ? height : -1)
            .Append(-1)
            .Max();
    }

    /// <summary>As a power cut may leave it: some of what was written after the last acknowledged block.</summary>
    private static void Tear(string ledger, long acknowledged, Random random)
    {
        var bytes = File.ReadAllBytes(ledger);
        var end = 0;
        for (var height = 0L; height <= acknowledged; height++)
        {
            end = Array.IndexOf(bytes, (byte)'\n', end) + 1;
        }

        using var file = File.OpenWrite(ledger);
        file.SetLength(random.Next(end, bytes.Length + 1));
    }

    private static string[] Arguments(string folder)
    {
        // The tests may run as an executable of their own or under dotnet.
        var assembly = typeof(CrashTests).Assembly.Location;
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath!) is "dotnet"
            ? [assembly, EntryPoint.LedgerWriter, folder]
            : [EntryPoint.LedgerWriter, folder];
    }
}
