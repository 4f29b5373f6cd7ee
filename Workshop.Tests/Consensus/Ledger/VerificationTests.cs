using Consensus.Ledger;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>What <c>GET /ledger/verify</c> says of a file that somebody changed under the service.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private readonly LedgerChain chain;

    public VerificationTests()
    {
        folder.Fill();
        chain = folder.Open();
    }

    public void Dispose()
    {
        chain.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_ledger_that_nobody_touched_is_valid()
    {
        var view = await Verify();

        Assert.Equal((true, chain.Now.Count, null), (view.Valid, view.Blocks, view.Reason));
        Assert.Equal(chain.Now.Head!.Hash, view.Head);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task An_end_that_was_cut_off_is_found_with_and_without_a_torn_line(int torn)
    {
        var lines = await File.ReadAllLinesAsync(folder.File, TestContext.Current.CancellationToken);
        Overwrite(string.Concat(lines[..^1].Select(line => line + "\n")) + lines[^1][..torn]);

        var view = await Verify();

        Assert.Equal((false, lines.Length - 1, lines.Length - 1L), (view.Valid, view.Blocks, view.Height));
        Assert.Contains("end was changed", view.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_end_that_is_missing_is_found()
    {
        Overwrite((await Text(folder)).TrimEnd('\n'));

        Assert.False((await Verify()).Valid);
    }

    [Fact]
    public async Task Another_ledger_of_the_same_balances_is_not_this_one()
    {
        using var other = new LedgerFolder();
        other.Fill();
        Overwrite(await Text(other));

        var view = await Verify();

        Assert.Equal((false, chain.Now.Count), (view.Valid, view.Blocks));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_said_without_its_path()
    {
        File.Delete(folder.File);

        var view = await Verify();

        Assert.Equal((false, 0), (view.Valid, view.Blocks));
        Assert.Contains("gone", view.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, view.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_version_is_refused_in_its_own_words()
    {
        Block.Make(
            0,
            new RulesEntry(Parameters.Default, 1),
            Block.NoHash,
            Block.Write(DateTimeOffset.UnixEpoch),
            out var first
        );
        Overwrite(System.Text.Encoding.UTF8.GetString(first));

        var view = await Verify();

        Assert.Equal((false, 0L), (view.Valid, view.Height));
        Assert.Contains("version 1", view.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_that_come_while_it_is_read_are_no_fault_of_it()
    {
        var writing = Task.Run(
            () =>
            {
                for (var block = 0; block < 100; block++)
                {
                    chain.Append(new TreasuryEntry(1));
                }
            },
            TestContext.Current.CancellationToken
        );
        while (!writing.IsCompleted)
        {
            var view = await Verify();
            Assert.True(view.Valid, view.Reason);
        }

        await writing;
    }

    private Task<VerificationView> Verify() =>
        new Verification(chain, TimeProvider.System).Ask(TestContext.Current.CancellationToken);

    private static Task<string> Text(LedgerFolder ledger) =>
        File.ReadAllTextAsync(ledger.File, TestContext.Current.CancellationToken);

    /// <summary>In place: the service has the file open, and holds on to it.</summary>
    private void Overwrite(string content)
    {
        using var file = new FileStream(folder.File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(content));
    }
}
