using Consensus.Ledger;
using Consensus.Witnesses;
using LaboratoryBench.Processes;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;
using Workshop.Tests.Ledger.Witnesses;
using Xunit;

namespace Workshop.Tests.Consensus.Witnesses;

public sealed class FollowCommandTests : IDisposable
{
    private readonly string folder = TestFolders.Create("follow");

    private readonly StringWriter output = new();

    private readonly StringWriter errors = new();

    private readonly CancellationTokenSource stop = new();

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        output.Dispose();
        errors.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task It_says_how_far_the_ledger_verifies_until_it_is_stopped()
    {
        var lines = ShownLedger.Honest();
        await using var shown = await ShownLedger.Start(lines);
        var following = Follow(shown.Address.ToString());
        await Eventually.Holds(
            () => Task.FromResult(Said(output).Contains("7 blocks verified", StringComparison.Ordinal)),
            Stop
        );
        await stop.CancelAsync();

        Assert.Equal(0, await following);
        Assert.Contains(
            $"7 replayed; the head is {ShownLedger.BlockIn(lines[^1]).Hash}",
            Said(output),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task It_ends_with_1_and_both_versions_where_history_is_not_what_its_folder_holds()
    {
        var lines = ShownLedger.Honest();
        await using var shown = await ShownLedger.Start(lines);
        var first = Follow(shown.Address.ToString(), folder);
        await Eventually.Holds(
            () => Task.FromResult(Said(output).Contains("7 blocks verified", StringComparison.Ordinal)),
            Stop
        );
        await stop.CancelAsync();
        await first;
        shown.Show(ShownLedger.Rewritten(lines, 1, new TreasuryEntry(2000_00)));
        using var again = new CancellationTokenSource();

        Assert.Equal(
            1,
            await new FollowCommand(output, errors, TimeProvider.System).Run(
                [shown.Address.ToString(), folder],
                again.Token
            )
        );
        Assert.Contains("rewritten", Said(errors), StringComparison.Ordinal);
        Assert.Contains("100000", Said(errors), StringComparison.Ordinal);
        Assert.Contains("200000", Said(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_address_or_never_answers_is_2()
    {
        Assert.Equal(2, await Follow());
        Assert.Equal(2, await Follow("ledger.jsonl"));
        var nobody = Follow($"http://127.0.0.1:{FreePorts.Next()}");
        await Eventually.Holds(
            () => Task.FromResult(Said(errors).Contains("cannot be followed", StringComparison.Ordinal)),
            Stop
        );
        await stop.CancelAsync();

        Assert.Equal(2, await nobody);
    }

    [Fact]
    public async Task A_file_with_signatures_verifies_and_one_with_a_forged_signature_does_not()
    {
        using var key = WitnessKey.Create();
        var lines = ShownLedger.Honest(key.PublicKey);
        var head = ShownLedger.BlockIn(lines[^1]);
        var signed = key.Sign(new(ShownLedger.BlockIn(lines[0]).Hash, head.Height, head.Hash)).Signature;
        var forged = key.Sign(new(head.Hash, head.Height, head.Hash)).Signature;

        Assert.Equal(0, await Verify(new("m00", head.Height, head.Hash, signed)));
        Assert.Contains("1 signatures of 1 witnesses verify", Said(output), StringComparison.Ordinal);
        Assert.Equal(1, await Verify(new("m00", head.Height, head.Hash, forged)));
        Assert.Contains("Block 7: The signature does not verify", Said(errors), StringComparison.Ordinal);

        async Task<int> Verify(WitnessSignature one)
        {
            var path = Path.Combine(folder, "verified.jsonl");
            var chain = ShownLedger.Chain([.. ShownLedger.EntriesIn(lines), new WitnessesEntry([one])]);
            await File.WriteAllBytesAsync(path, [.. chain.SelectMany(line => line)], Stop);
            return VerifyCommand.Run([path], output, errors);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Said(StringWriter writer) => writer.GetStringBuilder().ToString();

    private Task<int> Follow(params string[] arguments) =>
        new FollowCommand(output, errors, TimeProvider.System).Run(arguments, stop.Token);
}
