using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Consensus.Ledger;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Tests.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

public sealed class LedgerTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_block_is_what_anybody_can_recompute_from_its_JSON()
    {
        folder.Fill();
        var previous = Block.NoHash;
        foreach (var line in File.ReadAllLines(folder.File))
        {
            var block = JsonNode.Parse(line)!.AsObject();
            var hash = (string)block["hash"]!;
            block.Remove("hash");

            Assert.Equal(previous, (string)block["previous"]!);
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DumbCanonical(block)))));
            previous = hash;
        }
    }

    /// <summary>In each byte the bit between small and capital letters, and one that goes round.</summary>
    [Fact]
    public void A_flipped_bit_of_any_byte_is_found_and_named()
    {
        folder.Fill();
        var ledger = File.ReadAllBytes(folder.File);
        var height = 0;
        for (var position = 0; position < ledger.Length; position++)
        {
            foreach (var bit in new[] { 5, position % 8 }.Distinct())
            {
                ledger[position] ^= (byte)(1 << bit);
                var failure = Assert.Throws<LedgerException>(() => Replay(ledger));
                ledger[position] ^= (byte)(1 << bit);

                Assert.Equal(height, failure.Height);
                Assert.NotEmpty(failure.Reason);
            }

            height += ledger[position] == '\n' ? 1 : 0;
        }
    }

    [Theory]
    [InlineData("swap")]
    [InlineData("drop")]
    [InlineData("repeat")]
    public void Blocks_that_are_swapped_dropped_or_repeated_are_found(string how)
    {
        folder.Fill();
        var lines = File.ReadAllLines(folder.File).ToList();
        if (how is "swap")
        {
            (lines[2], lines[3]) = (lines[3], lines[2]);
        }
        else if (how is "drop")
        {
            lines.RemoveAt(2);
        }
        else
        {
            lines.Insert(2, lines[1]);
        }

        File.WriteAllText(folder.File, string.Join('\n', lines) + "\n");
        Assert.Equal(2, Assert.Throws<LedgerException>(() => folder.Open()).Height);
    }

    [Fact]
    public void A_block_that_is_well_sealed_but_pays_the_wrong_member_is_found()
    {
        var failure = Forge(batch =>
            batch with
            {
                Settlement = batch.Settlement! with
                {
                    Members = [batch.Settlement.Members[0] with { PaidCents = 100 }, .. batch.Settlement.Members[1..]],
                },
            }
        );
        Assert.Contains("does not settle", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_is_well_sealed_and_makes_no_sense_is_found()
    {
        var beyond = Forge(batch => batch with { Gold = [batch.Gold[0] with { Row = batch.Rows.Length }] });
        File.Delete(folder.File);
        folder.Fill();
        var lines = File.ReadAllLines(folder.File);
        var absent = Without("rows");
        var nameless = Without("kind");

        Assert.NotEmpty(beyond.Reason);
        Assert.Equal([beyond.Height, beyond.Height], [absent.Height, nameless.Height]);
        Assert.Contains("makes no sense", absent.Reason, StringComparison.Ordinal);
        Assert.Contains("is not a block", nameless.Reason, StringComparison.Ordinal);

        LedgerException Without(string member)
        {
            var block = JsonNode.Parse(lines[^2])!.AsObject();
            block.Remove("hash");
            block["payload"]!.AsObject().Remove(member);
            block["hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DumbCanonical(block))));
            File.WriteAllText(folder.File, string.Join('\n', lines[..^2]) + "\n" + DumbCanonical(block) + "\n");
            return Assert.Throws<LedgerException>(() => folder.Open());
        }
    }

    /// <summary>What is said of a ledger whose batch was written by hand, and sealed as it should be.</summary>
    private LedgerException Forge(Func<BatchEntry, BatchEntry> change)
    {
        folder.Fill();
        var lines = File.ReadAllLines(folder.File);
        Block.Parse(Encoding.UTF8.GetBytes(lines[^2]), out var block);
        Block.Make(block!.Height, change((BatchEntry)block.Payload), block.Previous, block.Time, out var line);
        File.WriteAllText(folder.File, string.Join('\n', lines[..^2]) + "\n" + Encoding.UTF8.GetString(line));
        var failure = Assert.Throws<LedgerException>(() => folder.Open());
        Assert.Equal(block.Height, failure.Height);
        return failure;
    }

    [Fact]
    public void A_torn_last_line_is_cut_at_every_byte_and_nothing_before_it_is_lost()
    {
        folder.Fill();
        var ledger = File.ReadAllBytes(folder.File);
        var whole = ledger.AsSpan(0, ledger.Length - 1).LastIndexOf((byte)'\n') + 1;
        var blocks = ledger.Count(value => value == '\n') - 1;
        for (var length = whole; length < ledger.Length; length++)
        {
            File.WriteAllBytes(folder.File, ledger[..length]);
            using var chain = folder.Open();

            Assert.Equal(length - whole, chain.File.CutBytes);
            Assert.Equal(blocks, chain.Now.Count);
            Assert.Equal(whole, new FileInfo(folder.File).Length);
        }
    }

    [Fact]
    public void A_replay_shows_exactly_what_the_writer_showed_with_a_snapshot_and_without()
    {
        string shown;
        using (var chain = folder.Open())
        {
            foreach (var entry in LedgerFolder.Entries())
            {
                chain.Append(entry);
            }

            chain.Save();
            chain.Append(new TreasuryEntry(7));
            shown = StateDigest.Of(chain.Now.State);
        }

        using (LedgerFile.Open(folder.Path, out var replay))
        {
            Assert.Equal(replay.Count - 2, replay.SnapshotHeight);
            Assert.Equal(shown, StateDigest.Of(replay.State));
        }

        File.Delete(Path.Combine(folder.Path, "state.json"));
        using (LedgerFile.Open(folder.Path, out var replay))
        {
            Assert.Equal(-1, replay.SnapshotHeight);
            Assert.Equal(shown, StateDigest.Of(replay.State));
        }
    }

    [Fact]
    public void A_snapshot_that_was_changed_is_passed_over()
    {
        string shown;
        folder.Fill();
        using (var chain = folder.Open())
        {
            chain.Save();
            shown = StateDigest.Of(chain.Now.State);
        }

        var path = Path.Combine(folder.Path, "state.json");
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("\"treasuryCents\":1", "\"treasuryCents\":9", StringComparison.Ordinal)
        );
        using var again = LedgerFile.Open(folder.Path, out var replay);

        Assert.Equal(-1, replay.SnapshotHeight);
        Assert.Equal(shown, StateDigest.Of(replay.State));
    }

    [Fact]
    public void A_ledger_has_one_writer()
    {
        using var chain = folder.Open();

        Assert.Contains(
            "one writer",
            Assert.Throws<LedgerRefusedException>(() => folder.Open()).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_ledger_that_lost_blocks_which_its_snapshot_knows_is_refused(int kept)
    {
        using (var chain = folder.Open())
        {
            foreach (var entry in LedgerFolder.Entries())
            {
                chain.Append(entry);
            }

            chain.Save();
        }

        var lines = File.ReadAllLines(folder.File);
        File.WriteAllText(folder.File, string.Concat(lines[..kept].Select(line => line + "\n")));
        var refusal = Assert.Throws<LedgerRefusedException>(() => folder.Open());

        Assert.Contains($"has {kept} blocks", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"at block {lines.Length - 1}", refusal.Message, StringComparison.Ordinal);
        // A person may insist.
        File.Delete(Path.Combine(folder.Path, "state.json"));
        using var again = folder.Open();
        Assert.Equal(kept, again.Now.Count);
    }

    [Fact]
    public void A_file_of_another_version_is_refused_with_one_sentence()
    {
        folder.Fill();
        var other = new RulesEntry(Parameters.Default, Version: 3);
        Block.Make(0, other, Block.NoHash, "2026-11-28T17:00:00.000Z", out var line);
        File.WriteAllBytes(folder.File, line);

        Assert.Equal(
            "This ledger has version 3, and this program reads version 2: start anew with --reset, or keep the file "
                + "elsewhere first.",
            Assert.Throws<LedgerRefusedException>(() => folder.Open()).Message
        );
    }

    [Fact]
    public void The_first_version_which_did_not_name_itself_is_refused_too()
    {
        var text = """{"hash":"x","height":0,"payload":{"kind":"rules","parameters":{"jailBatches":10}}}""";

        Assert.Contains("has version 1", LedgerVersion.Refusal(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);
        Assert.Null(LedgerVersion.Refusal("not JSON"u8));
    }

    [Fact]
    public void A_refused_entry_leaves_no_block()
    {
        using var chain = folder.Open();
        chain.Append(new RulesEntry(Parameters.Default));
        var before = new FileInfo(folder.File).Length;

        Assert.IsType<Refused>(chain.Append(new ExitEntry("nobody")));
        Assert.Equal(before, new FileInfo(folder.File).Length);
    }

    [Fact]
    public void Offline_verification_prints_balances_or_the_height_and_the_reason()
    {
        folder.Fill();
        var output = new StringWriter();
        var errors = new StringWriter();

        Assert.Equal(0, VerifyCommand.Run([folder.File], output, errors));
        Assert.Contains("m02                     iris      exiting", output.ToString(), StringComparison.Ordinal);

        var text = File.ReadAllText(folder.File);
        File.WriteAllText(folder.File, text.Replace("\"cents\":100000", "\"cents\":900000", StringComparison.Ordinal));

        Assert.Equal(1, VerifyCommand.Run([folder.File], output, errors));
        Assert.Contains("Block 1:", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, VerifyCommand.Run([folder.File + ".none"], output, errors));
        Assert.Equal(2, VerifyCommand.Run([], output, errors));
    }

    private static void Replay(byte[] ledger) => LedgerReader.ReadAll(new MemoryStream(ledger), new Replay());

    /// <summary>Members sorted, no spaces: RFC 8785 in three lines, for text and whole numbers.</summary>
    private static string DumbCanonical(JsonNode? node) =>
        node switch
        {
            JsonObject members => "{"
                + string.Join(
                    ',',
                    members
                        .OrderBy(member => member.Key, StringComparer.Ordinal)
                        .Select(member => $"\"{member.Key}\":{DumbCanonical(member.Value)}")
                )
                + "}",
            JsonArray items => "[" + string.Join(',', items.Select(DumbCanonical)) + "]",
            null => "null",
            _ => node.GetValueKind() == JsonValueKind.String ? $"\"{node}\"" : node.ToJsonString(),
        };
}
