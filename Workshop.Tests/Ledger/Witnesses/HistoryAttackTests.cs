using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Ledger.Witnesses;

/// <summary>What an operator may try with a history, and what a witness makes of it.</summary>
public sealed class HistoryAttackTests : IDisposable
{
    private const int Treasury = 1;

    private readonly string folder = TestFolders.Create("witness");

    private readonly WitnessKey key = WitnessKey.Create();

    private readonly HeardLog<Witness> log = new();

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_honest_ledger_is_verified_replayed_kept_and_signed()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        await using var shown = await ShownLedger.Start(lines);
        await using var watching = Watch(shown);
        var status = await watching.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);

        var head = ShownLedger.BlockIn(lines[^1]);
        Assert.Equal((lines.Count, lines.Count, head.Hash), (status.Verified, status.Replayed, status.Head));
        Assert.Null(status.Conflict);
        var origin = ShownLedger.BlockIn(lines[0]).Hash;
        Assert.Equal(new(origin, head.Height, head.Hash), status.LastSigned!.Checkpoint);
        Assert.True(WitnessKey.Verifies(key.PublicKey, status.LastSigned.Checkpoint, status.LastSigned.Signature));
        Assert.Equal(lines.SelectMany(line => line), await File.ReadAllBytesAsync(Copy));
    }

    [Fact]
    public async Task A_rewritten_balance_is_named_with_both_versions_whatever_hashes_were_made_again()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        await using var shown = await ShownLedger.Start(lines);
        await using (var before = Watch(shown))
        {
            await before.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);
        }

        // The operator's file, with more in the treasury, verifies as well as the true one.
        var forged = ShownLedger.Rewritten(lines, Treasury, new TreasuryEntry(2000_00));
        Assert.Equal(lines.Count, ReplayOf(forged).Count);
        shown.Show(forged);
        await using var watching = Watch(shown);
        var status = await watching.Until(now => now.Conflict is not null);

        var conflict = status.Conflict!;
        Assert.Equal(("rewritten", (long)Treasury), (conflict.Kind, conflict.Height));
        Assert.Equal(
            (ShownLedger.BlockIn(lines[Treasury]).Hash, ShownLedger.BlockIn(forged[Treasury]).Hash),
            (conflict.Held, conflict.Shown)
        );
        Assert.Contains("100000", conflict.HeldBlock, StringComparison.Ordinal);
        Assert.Contains("200000", conflict.ShownBlock, StringComparison.Ordinal);
        Assert.Equal(lines.Count - 1, status.LastSigned!.Checkpoint.Height);
        Assert.Contains(log.Lines, line => line.Text.Contains("rewritten at height 1", StringComparison.Ordinal));
        // The operator's own service hears of it, with the witness's version of the block.
        await Eventually.Holds(() => Task.FromResult(HasProtested(shown)), CancellationToken.None);
    }

    [Fact]
    public async Task A_history_that_is_rewritten_under_a_listener_is_found_with_the_next_block()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        await using var shown = await ShownLedger.Start([.. lines.SkipLast(1)]);
        await using var watching = Watch(shown);
        await watching.Until(now => now.Verified == lines.Count - 1);
        shown.Show(ShownLedger.Rewritten(lines, Treasury, new TreasuryEntry(2000_00)));
        var status = await watching.Until(now => now.Conflict is not null);

        Assert.Equal(("rewritten", (long)Treasury), (status.Conflict!.Kind, status.Conflict.Height));
    }

    [Fact]
    public async Task Blocks_that_are_dropped_from_the_end_are_missed_and_what_is_put_there_instead_is_not_signed()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        await using var shown = await ShownLedger.Start(lines);
        await using (var before = Watch(shown))
        {
            await before.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);
        }

        shown.Show([.. lines.SkipLast(2)]);
        await using var watching = Watch(shown);
        var cut = await watching.Until(now => now.Conflict is not null);
        Assert.Equal(("truncated", lines.Count - 2L), (cut.Conflict!.Kind, cut.Conflict.Height));
        Assert.Equal(ShownLedger.BlockIn(lines[^2]).Hash, cut.Conflict.Held);

        shown.Show(ShownLedger.Rewritten(lines, lines.Count - 2, new TreasuryEntry(1)));
        var grown = await watching.Until(now =>
            string.Equals(now.Conflict?.Kind, "rewritten", StringComparison.Ordinal)
        );
        Assert.Equal(lines.Count - 2, grown.Conflict!.Height);
        Assert.Equal(ShownLedger.BlockIn(lines[^1]).Hash, grown.LastSigned!.Checkpoint.Hash);

        // The operator brings the true file back: the witness goes on.
        shown.Show(lines);
        await watching.Until(now => now.Conflict is null);
    }

    [Fact]
    public async Task A_witness_that_lost_its_copy_still_knows_what_it_signed()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        await using var shown = await ShownLedger.Start(lines);
        await using (var before = Watch(shown))
        {
            await before.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);
        }

        File.Delete(Copy);
        File.Delete(Path.Combine(folder, "state.json"));
        shown.Show(ShownLedger.Rewritten(lines, Treasury, new TreasuryEntry(2000_00)));
        await using (var watching = Watch(shown))
        {
            var status = await watching.Until(now => now.Conflict is not null);
            Assert.Equal(("rewritten", lines.Count - 1L), (status.Conflict!.Kind, status.Conflict.Height));
        }

        shown.Show([.. lines.SkipLast(1)]);
        await using var again = Watch(shown);
        var cut = await again.Until(now => now.Conflict is not null);
        Assert.Equal(("truncated", lines.Count - 1L), (cut.Conflict!.Kind, cut.Conflict.Height));
    }

    [Fact]
    public async Task A_ledger_that_pays_more_than_its_rules_give_is_not_signed_at_all()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        var height = ShownLedger.EntriesIn(lines).ToList().FindIndex(entry => entry is BatchEntry);
        var batch = (BatchEntry)ShownLedger.EntriesIn(lines)[height];
        var generous = batch with
        {
            Settlement = batch.Settlement! with
            {
                Members =
                [
                    .. batch.Settlement.Members.Select(member => member with { PaidCents = member.PaidCents + 1 }),
                ],
            },
        };
        await using var shown = await ShownLedger.Start(ShownLedger.Rewritten(lines, height, generous));
        await using var watching = Watch(shown);
        var status = await watching.Until(now => now.Conflict is not null);

        Assert.Equal(("invalid", (long)height), (status.Conflict!.Kind, status.Conflict.Height));
        Assert.True(status.LastSigned is null || status.LastSigned.Checkpoint.Height < height);
    }

    [Fact]
    public async Task Two_histories_for_two_members_do_not_pass_once_one_has_seen_what_the_other_signed()
    {
        using var other = WitnessKey.Create();
        var lines = ShownLedger.Honest(key.PublicKey);
        var second = ShownLedger.Rewritten(lines, Treasury, new TreasuryEntry(2000_00));
        await using var toOne = await ShownLedger.Start(lines);
        await using var toOther = await ShownLedger.Start(second);
        var elsewhere = TestFolders.Create("witness-b");
        try
        {
            await using var one = Watch(toOne);
            await using var two = new WatchingWitness(toOther.Address, elsewhere, other, NullLogger.Instance);
            var a = await one.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);
            var b = await two.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);

            // Each history is whole, so neither finds anything alone. Their signatures are of one height and two hashes.
            Assert.Null(a.Conflict ?? b.Conflict);
            Assert.NotEqual(a.LastSigned!.Checkpoint.Hash, b.LastSigned!.Checkpoint.Hash, StringComparer.Ordinal);
            // The operator cannot put what one signed into the history of the other.
            var signed = new WitnessSignature(
                "m00",
                b.LastSigned.Checkpoint.Height,
                b.LastSigned.Checkpoint.Hash,
                b.LastSigned.Signature
            );
            toOne.Show([.. ShownLedger.Chain([.. ShownLedger.EntriesIn(lines), new WitnessesEntry([signed])])]);
            var refused = await one.Until(now => now.Conflict is not null);
            Assert.Equal(("invalid", (long)lines.Count), (refused.Conflict!.Kind, refused.Conflict.Height));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task A_witness_asks_the_others_itself_and_so_finds_that_two_histories_are_shown()
    {
        using var other = WitnessKey.Create();
        SignedCheckpoint? signed = null;
        await using var neighbour = await StubMember.Start(context =>
            context.Response.WriteAsJsonAsync(
                new
                {
                    origin = signed!.Checkpoint.Origin,
                    height = signed.Checkpoint.Height,
                    hash = signed.Checkpoint.Hash,
                    signature = signed.Signature,
                }
            )
        );
        var lines = ShownLedger.Chain(
            ShownLedger
                .EntriesIn(ShownLedger.Honest(key.PublicKey))
                .Select(entry =>
                    entry is RegistrationEntry { Name: "m01" } second
                        ? second with
                        {
                            Key = other.PublicKey,
                            Url = neighbour.Url,
                        }
                        : entry
                )
        );
        var head = ShownLedger.BlockIn(ShownLedger.Rewritten(lines, Treasury, new TreasuryEntry(2000_00))[^1]);
        signed = other.Sign(new(ShownLedger.BlockIn(lines[0]).Hash, head.Height, head.Hash));
        await using var shown = await ShownLedger.Start(lines);
        await using var watching = Watch(shown);
        var status = await watching.Until(now => now.Split is not null);

        Assert.Equal(("m01", head.Height, head.Hash), (status.Split!.Name, status.Split.Height, status.Split.Theirs));
        Assert.Equal(ShownLedger.BlockIn(lines[^1]).Hash, status.Split.Held);
        // One that lies must not silence the others.
        Assert.Null(status.Conflict);
        await watching.Until(now => now.LastSigned?.Checkpoint.Height == lines.Count - 1);
        Assert.Contains(log.Lines, line => line.Text.Contains("Two histories: m01", StringComparison.Ordinal));
    }

    [Fact]
    public void A_signature_in_a_block_is_of_this_ledger_of_its_height_and_of_its_member()
    {
        var lines = ShownLedger.Honest(key.PublicKey);
        var head = ShownLedger.BlockIn(lines[^1]);
        var origin = ShownLedger.BlockIn(lines[0]).Hash;
        var signature = key.Sign(new(origin, head.Height, head.Hash)).Signature;
        var foreign = key.Sign(new(Block.NoHash, head.Height, head.Hash)).Signature;

        Assert.Null(Refusal(new("m00", head.Height, head.Hash, signature)));
        Assert.NotNull(Refusal(new("m00", head.Height, head.Hash, foreign)));
        Assert.NotNull(Refusal(new("m00", head.Height - 1, head.Hash, signature)));
        Assert.NotNull(Refusal(new("m00", head.Height - 1, ShownLedger.BlockIn(lines[^2]).Hash, signature)));
        Assert.NotNull(Refusal(new("m00", head.Height + 1, head.Hash, signature)));
        Assert.NotNull(Refusal(new("m01", head.Height, head.Hash, signature)));
        Assert.NotNull(Refusal(new("nobody", head.Height, head.Hash, signature)));

        string? Refusal(WitnessSignature one)
        {
            try
            {
                ReplayOf(ShownLedger.Chain([.. ShownLedger.EntriesIn(lines), new WitnessesEntry([one])]));
                return null;
            }
            catch (LedgerException refused)
            {
                return refused.Reason;
            }
        }
    }

    private string Copy => Path.Combine(folder, LedgerCopy.FileName);

    private WatchingWitness Watch(ShownLedger shown) => new(shown.Address, folder, key, log);

    private static bool HasProtested(ShownLedger shown)
    {
        lock (shown.Told)
        {
            return shown.Told.Exists(told =>
                told.GetProperty("block").GetString()?.Contains("100000", StringComparison.Ordinal) == true
            );
        }
    }

    private static Replay ReplayOf(IReadOnlyList<byte[]> lines)
    {
        var replay = new Replay();
        using var file = new MemoryStream([.. lines.SelectMany(line => line)]);
        LedgerReader.ReadAll(file, replay);
        return replay;
    }
}
