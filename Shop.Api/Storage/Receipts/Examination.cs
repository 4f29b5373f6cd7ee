using NpgsqlTypes;

namespace Shop.Api.Storage.Receipts;

/// <summary>
/// What a failover cost, by this server's receipts: which acknowledged orders the new primary does not have.
/// </summary>
/// <param name="Timeline">The new primary's timeline.</param>
/// <param name="At">When the receipts were compared, UTC.</param>
/// <param name="Compared">How many receipts were looked for.</param>
/// <param name="Lost">The ids of the orders that are gone, in the order of their receipts.</param>
/// <param name="LostMilliseconds">From the first lost acknowledgement to the last; 0 when none or one is lost.</param>
/// <param name="LostBytes">
/// From the last receipt that was kept to the last that was lost, in the old primary's log.
/// </param>
public sealed record Examination(
    uint Timeline,
    DateTimeOffset At,
    int Compared,
    IReadOnlyList<Guid> Lost,
    double LostMilliseconds,
    long LostBytes
)
{
    /// <summary>
    /// The receipts that the step to <paramref name="timeline"/> may have cost: of older timelines, and not of those whose
    /// loss an earlier examination has told.
    /// </summary>
    /// <param name="receipts">All receipts, oldest first.</param>
    /// <param name="earlier">The examination before, if there was one.</param>
    /// <param name="timeline">The new primary's timeline.</param>
    /// <returns>Those to look for, oldest first.</returns>
    public static IReadOnlyList<Receipt> Candidates(
        IReadOnlyList<Receipt> receipts,
        Examination? earlier,
        uint timeline
    ) => [.. receipts.Where(receipt => receipt.Timeline < timeline && receipt.Timeline >= (earlier?.Timeline ?? 0))];

    /// <summary>Compares.</summary>
    /// <param name="candidates">Receipts that were looked for.</param>
    /// <param name="found">The ids among theirs that the new primary has.</param>
    /// <param name="timeline">The new primary's timeline.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>The result.</returns>
    public static Examination Compare(
        IReadOnlyList<Receipt> candidates,
        IReadOnlySet<Guid> found,
        uint timeline,
        DateTimeOffset now
    )
    {
        var lost = candidates.Where(receipt => !found.Contains(receipt.OrderId)).ToArray();
        if (lost.Length == 0)
        {
            return new(timeline, now, candidates.Count, [], 0, 0);
        }

        var kept = candidates.Where(receipt => found.Contains(receipt.OrderId)).Select(Bytes).DefaultIfEmpty().Max();
        var first = kept > 0 ? kept : lost.Min(Bytes);
        return new(
            timeline,
            now,
            candidates.Count,
            [.. lost.Select(receipt => receipt.OrderId).Distinct()],
            (lost.Max(receipt => receipt.At) - lost.Min(receipt => receipt.At)).TotalMilliseconds,
            (long)(lost.Max(Bytes) - Math.Min(first, lost.Max(Bytes)))
        );
    }

    private static ulong Bytes(Receipt receipt) =>
        NpgsqlLogSequenceNumber.TryParse(receipt.Position, out var position) ? (ulong)position : 0;
}
