using System.Diagnostics;
using System.Globalization;
using LaboratoryBench.Processes;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.Bench;

/// <summary><c>bench/run.sh</c> measures; <c>bench/ratios.mjs</c> says what fell.</summary>
public sealed class RatiosTests : IDisposable
{
    private readonly string folder = TestFolders.Create("ratios");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Document => Path.Combine(folder, "performance.md");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_fell_by_more_than_the_noise_is_marked_and_what_fell_by_less_is_not()
    {
        await File.WriteAllTextAsync(
            Document,
            "before\n<!-- bench/run: begin -->\nNone is kept yet.\n<!-- bench/run: end -->\nafter\n",
            Stop
        );
        await Passes(orders: [4000, 4400], appends: [26_000, 26_000]);
        Assert.Equal(0, (await Compare("--keep")).ExitCode);
        var document = await File.ReadAllTextAsync(Document, Stop);
        Assert.Contains("| order at 32: shop / express | 4.20 | 10 % |", document, StringComparison.Ordinal);
        Assert.EndsWith("<!-- bench/run: end -->\nafter\n", document, StringComparison.Ordinal);

        await Passes(orders: [3700, 3900], appends: [13_000, 13_000]);
        var (exitCode, output) = await Compare();

        Assert.Equal(1, exitCode);
        Assert.Contains("order at 32: shop / express | 3.80 | 10 % | 4.2 | -10 % |", output, StringComparison.Ordinal);
        Assert.Contains("| -50 % **fell** |", output, StringComparison.Ordinal);
        Assert.Contains("1 of 5 fell", output, StringComparison.Ordinal);
        Assert.Equal(document, await File.ReadAllTextAsync(Document, Stop));

        await Write("ledger", 1, "nothing that is read\n");
        (exitCode, output) = await Compare();

        Assert.Equal(1, exitCode);
        Assert.Contains("| ledger: durable appends |  |  | 5 | **missing** |", output, StringComparison.Ordinal);
    }

    private async Task Passes(int[] orders, int[] appends)
    {
        foreach (var (index, (order, append)) in orders.Zip(appends).Index())
        {
            await Write("shop", index, $"order@32 per second: shop {order}, peer 1000, direct 5000, commit 18909\n");
            await Write(
                "predict",
                index,
                "| 8 | limit: six asked at once | 1.20 | 3.27 | 5562 | 9.7 | 1.0 | 9 | 227 | 120 |\n"
                    + "| 8 | consensus of six | 2.40 | 7.64 | 2933 | 17.8 | 1.8 | 291 | 276 | 69 |\n"
            );
            await Write(
                "ledger",
                index,
                $"| durable appends | {append} /s | 5200 /s (256 bytes + fsync) | 5.0 | at least 2000 /s |\n"
                    + "| 1000 blocks verified | 2.6 s | 0.2 s (SHA-256) | 13.6 | at most 20 s |\n"
            );
        }
    }

    private Task Write(string name, int index, string text) =>
        File.WriteAllTextAsync(
            Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{index + 1}")),
            text,
            Stop
        );

    private async Task<(int ExitCode, string Output)> Compare(params string[] more)
    {
        var script = Path.Combine(SourceTree.Root, "bench", "ratios.mjs");
        using var node = Process.Start(
            new ProcessStartInfo("node", [script, folder, Document, "load 1", .. more])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await node.StandardOutput.ReadToEndAsync(Stop);
        await node.WaitForExitAsync(Stop);
        return (node.ExitCode, output);
    }
}
