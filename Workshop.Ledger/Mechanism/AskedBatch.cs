using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>A batch whose truths may still be told: what was asked and answered, and what the rows looked like then.</summary>
/// <param name="Number">Within the network.</param>
/// <param name="Rows">As they were asked.</param>
/// <param name="Answers">Of each member.</param>
/// <param name="Views">Pool and majority of each row.</param>
/// <param name="Known">Rows whose truth is known by now, ascending: the gold rows, and those told since.</param>
public sealed record AskedBatch(
    long Number,
    ImmutableArray<string> Rows,
    ImmutableArray<MemberAnswers> Answers,
    ImmutableArray<RowView> Views,
    ImmutableArray<int> Known
)
{
    internal static AskedBatch Of(BatchEntry batch, ImmutableArray<RowView> views) =>
        new(
            batch.Number,
            batch.Rows,
            batch.Answers.Sort((first, second) => string.CompareOrdinal(first.Member, second.Member)),
            views,
            [.. batch.Gold.Select(gold => gold.Row).Order()]
        );

    /// <summary>The batches that are kept: at most so many, and so many rows in all, but always the newest.</summary>
    internal static ImmutableArray<AskedBatch> Keep(
        ImmutableArray<AskedBatch> recent,
        AskedBatch newest,
        Parameters parameters
    )
    {
        var kept = recent.Add(newest);
        var rows = kept.Sum(batch => batch.Rows.Length);
        var dropped = 0;
        while (
            dropped < kept.Length - 1
            && (kept.Length - dropped > parameters.TruthBatches || rows > parameters.TruthRows)
        )
        {
            rows -= kept[dropped].Rows.Length;
            dropped++;
        }

        return kept.RemoveRange(0, dropped);
    }
}
