using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;
using Xunit;

namespace Workshop.Tests.Ledger.Witnesses;

public sealed class LedgerCopyTests : IDisposable
{
    private readonly string folder = TestFolders.Create("copy");

    private string File => Path.Combine(folder, LedgerCopy.FileName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_block_is_found_again_after_the_copy_is_opened_anew()
    {
        var lines = ShownLedger.Chain([
            new RulesEntry(Parameters.Default),
            .. Enumerable.Range(1, 300).Select(cents => new TreasuryEntry(cents)),
        ]);
        Fill(lines);
        using var copy = LedgerCopy.Open(folder, NullLogger.Instance);

        Assert.Equal(lines.Count, copy.Count);
        foreach (var height in new[] { 0, 1, 63, 64, 65, 128, 299, 300 })
        {
            Assert.Equal(lines[height][..^1], copy.LineAt(height)!.Value.Line);
            Assert.Equal(ShownLedger.BlockIn(lines[height]).Hash, copy.HashAt(height));
        }

        Assert.Null(copy.LineAt(301));
    }

    [Fact]
    public void A_torn_line_is_cut_off_and_fetched_again()
    {
        var lines = ShownLedger.Honest();
        Fill([.. lines.SkipLast(1), lines[^1][..^5]]);
        using var copy = LedgerCopy.Open(folder, NullLogger.Instance);

        Assert.Equal(lines.Count - 1, copy.Count);
        Assert.Null(copy.Add(lines[^1].AsSpan(0, lines[^1].Length - 1)));
        copy.Write();
        Assert.Equal(lines.SelectMany(line => line), System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_damaged_copy_is_set_aside_and_begun_anew()
    {
        var lines = ShownLedger.Honest();
        lines[2][100] ^= 1;
        Fill(lines);
        using var copy = LedgerCopy.Open(folder, NullLogger.Instance);

        Assert.Equal(0, copy.Count);
        Assert.True(System.IO.File.Exists(File + ".unreadable"));
    }

    [Fact]
    public void What_a_chain_alone_shows_is_what_a_whole_reading_of_it_shows()
    {
        var lines = ShownLedger.Honest();
        for (var place = 0; place < lines[1].Length - 1; place++)
        {
            var line = lines[1][..^1];
            line[place] ^= 1;
            var first = ShownLedger.BlockIn(lines[0]);
            Assert.Equal(
                Block.Read(line, 1, first, out _) is null,
                ChainLink.Read(line, new(first.Hash, 0, first.Previous, first.Time), out _) is null
            );
        }

        ChainLink? before = null;
        foreach (var line in lines)
        {
            Assert.Null(ChainLink.Read(line.AsSpan(0, line.Length - 1), before, out before));
        }
    }

    private void Fill(IEnumerable<byte[]> lines) =>
        System.IO.File.WriteAllBytes(File, [.. lines.SelectMany(line => line)]);
}
