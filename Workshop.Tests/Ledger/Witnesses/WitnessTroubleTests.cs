using LaboratoryBench.Processes;
using Workshop.Ledger.Witnesses;
using Workshop.Tests.Fixtures;
using Workshop.Tests.ServiceDefaults.Files;
using Xunit;

namespace Workshop.Tests.Ledger.Witnesses;

/// <summary>What goes wrong with a witness itself, and is nobody's attack: it says so, and goes on.</summary>
public sealed class WitnessTroubleTests : IDisposable
{
    private readonly WitnessKey key = WitnessKey.Create();

    private readonly HeardLog<Witness> log = new();

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task Without_space_it_signs_nothing_and_with_space_it_catches_up()
    {
        await using var disk = await SmallDisk.Mount("witness");
        var lines = ShownLedger.Honest(key.PublicKey);
        await using var shown = await ShownLedger.Start(lines);
        disk.Fill();
        await using var watching = new WatchingWitness(shown.Address, disk.Folder, key, log);
        var status = await watching.Until(now => now.Trouble is not null);

        Assert.Contains("nothing is signed until it can", status.Trouble, StringComparison.Ordinal);
        Assert.Null(status.LastSigned);
        disk.Free();
        await watching.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1 && now.Trouble is null);
    }

    [Fact]
    public async Task With_a_clock_that_is_off_it_says_how_far_and_signs_all_the_same()
    {
        var folder = TestFolders.Create("witness");
        var lines = ShownLedger.Honest(key.PublicKey);
        await using (var shown = await ShownLedger.Start([.. lines.SkipLast(1)]))
        {
            // The lines say when they were written, which is long ago.
            await using var watching = new WatchingWitness(shown.Address, folder, key, log);
            await watching.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 2);
            Assert.Null(watching.Witness.Status.Trouble);
            shown.Show(lines);
            var status = await watching.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);

            Assert.Contains("minutes apart", status.Trouble, StringComparison.Ordinal);
            Assert.Null(status.Conflict);
        }

        Directory.Delete(folder, recursive: true);
    }
}
