using System.Globalization;
using System.Text;
using LaboratoryBench.Chaos;
using Workshop.Ledger.Blocks;
using static System.FormattableString;

namespace LaboratoryBench.Replicas;

/// <summary>What came of killing leaders.</summary>
/// <param name="Seed">Of the random points.</param>
/// <param name="NewLeader">From each kill until another replica led.</param>
/// <param name="NextBlock">From each kill until a caller that tries again had a block.</param>
/// <param name="Acknowledged">Blocks that callers were told of.</param>
/// <param name="Lost">Of them not in the ledger.</param>
/// <param name="Doubled">Keys with more than one block.</param>
/// <param name="Differing">Replicas whose ledger is not the same bytes at the end.</param>
internal sealed record KillFigures(
    int Seed,
    IReadOnlyList<TimeSpan> NewLeader,
    IReadOnlyList<TimeSpan> NextBlock,
    int Acknowledged,
    int Lost,
    int Doubled,
    int Differing
)
{
    private const int WantedMilliseconds = 2000;

    internal bool IsGood => Lost == 0 && Doubled == 0 && Differing == 0;

    internal string Table()
    {
        var table = new StringBuilder();
        table.AppendLine("| what | seen | wanted |");
        table.AppendLine("| --- | ---: | ---: |");
        Row($"leaders killed (seed {Seed})", $"{NewLeader.Count}");
        Row($"another replica leads, p50", $"{Gaps.Quantile(NewLeader, 0.5).TotalMilliseconds:0} ms");
        Row(
            $"another replica leads, p99",
            $"{Gaps.Quantile(NewLeader, 0.99).TotalMilliseconds:0} ms",
            $"{WantedMilliseconds} ms"
        );
        Row($"longest", $"{NewLeader.Max().TotalMilliseconds:0} ms");
        Row($"the caller's next block, p50", $"{Gaps.Quantile(NextBlock, 0.5).TotalMilliseconds:0} ms");
        Row($"the caller's next block, p99", $"{Gaps.Quantile(NextBlock, 0.99).TotalMilliseconds:0} ms");
        Row($"blocks acknowledged", $"{Acknowledged}");
        Row($"of them lost", $"{Lost}", $"0");
        Row($"keys with two blocks", $"{Doubled}", $"0");
        Row($"replicas with other bytes at the end", $"{Differing}", $"0");
        return table.ToString();

        void Row(FormattableString what, FormattableString seen, FormattableString? wanted = null) =>
            table.AppendLine(
                $"| {Invariant(what)} | {Invariant(seen)} | {(wanted is null ? "" : Invariant(wanted))} |"
            );
    }
}

/// <summary>
/// Kills whoever leads, again and again, at random points of a caller's work, who keeps a key for each block and tries until it
/// is answered; then compares what the caller was told with what stands in the ledgers.
/// </summary>
internal static class LeaderKills
{
    internal static async Task<KillFigures> Go(int kills, int seed, CancellationToken ct)
    {
        var random = new Random(seed);
        await using var group = await ReplicaGroup.Start(ct);
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        var (newLeader, nextBlock) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var kill = 0; kill < kills; kill++)
        {
            var round = kill;
            var killed = await KilledLeader.Amid(group, random, enough => Work(group, round, told, enough, ct), ct);
            newLeader.Add(killed.NewLeader);
            nextBlock.Add(killed.NextAnswer);
            group.Run(killed.Replica);
            await group.UntilAllAreEqual(ct);
        }

        var ledger = group.LedgerOf(0);
        var batches = NumbersIn(ledger);
        return new(
            seed,
            newLeader,
            nextBlock,
            told.Count,
            told.Values.Count(number => number >= batches.Count),
            told.Count - told.Values.Distinct().Count() + Math.Max(0, batches.Count - told.Count),
            Enumerable.Range(1, 2).Count(replica => !ledger.AsSpan().SequenceEqual(group.LedgerOf(replica)))
        );
    }

    /// <summary>Block after block; the one that is under way at the end is finished.</summary>
    private static async Task Work(
        ReplicaGroup group,
        int round,
        Dictionary<string, long> told,
        CancellationToken enough,
        CancellationToken ct
    )
    {
        for (var block = 0; !enough.IsCancellationRequested; block++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"kill-{round:0000}-block-{block:0000}");
            told[key] = await group.PatientBatch(key, ct);
        }
    }

    /// <summary>The batches of a ledger that a replay takes.</summary>
    private static List<long> NumbersIn(byte[] ledger)
    {
        var numbers = new List<long>();
        using var file = new MemoryStream(ledger);
        LedgerReader.ReadAll(
            file,
            new Replay(),
            (block, _) =>
            {
                if (block.Payload is Workshop.Ledger.Mechanism.BatchEntry batch)
                {
                    numbers.Add(batch.Number);
                }
            }
        );
        return numbers;
    }
}
