namespace Shop.Web.Redundancy.Buyers;

/// <summary>How a purchase ended.</summary>
public enum Outcome
{
    /// <summary>Nobody has said yes or no.</summary>
    Unknown,

    /// <summary>The shop said 201: this order must be found once, for ever.</summary>
    Acknowledged,

    /// <summary>The shop said no, for good.</summary>
    Refused,
}

/// <summary>One purchase in the journal.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="UserId">Who bought.</param>
/// <param name="StartedAt">Milliseconds after the start of the run.</param>
/// <param name="LatencyMilliseconds">Until the last word, with all repeats.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="OrderId">The order, when acknowledged.</param>
/// <param name="Reason">Why it was refused, or is unknown.</param>
public sealed record Purchase(
    string Key,
    string UserId,
    double StartedAt,
    double LatencyMilliseconds,
    Outcome Outcome,
    Guid? OrderId,
    string? Reason
);

/// <summary>What the checker found when it looked for every acknowledged order.</summary>
/// <param name="Acknowledged">Orders that the shop had said yes to.</param>
/// <param name="FoundOnce">Of those, found exactly once.</param>
/// <param name="Lost">Acknowledged and not there.</param>
/// <param name="Doubled">There more than once, or there and never acknowledged.</param>
/// <param name="Unresolved">Purchases without a last word even at the end.</param>
/// <param name="Refused">Purchases that the shop refused.</param>
/// <param name="StockAddsUp">What was sold and what is left is what there was; null when it could not be read.</param>
public sealed record Verdict(
    int Acknowledged,
    int FoundOnce,
    IReadOnlyList<Guid> Lost,
    IReadOnlyList<Guid> Doubled,
    int Unresolved,
    int Refused,
    bool? StockAddsUp
)
{
    /// <summary>Whether the shop kept its word to every buyer.</summary>
    public bool IsKept => Lost.Count == 0 && Doubled.Count == 0 && Unresolved == 0 && StockAddsUp is not false;

    /// <summary>Compares the journal with what is found. Pure.</summary>
    /// <param name="journal">All purchases.</param>
    /// <param name="found">Ids of all orders of the run's buyers, as often as they are found.</param>
    /// <param name="sold">Pieces in the orders found.</param>
    /// <param name="stock">Pieces before and after; null when they could not be read.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Of(
        IReadOnlyList<Purchase> journal,
        IReadOnlyList<Guid> found,
        int sold,
        (int Before, int After)? stock
    )
    {
        var acknowledged = journal
            .Where(purchase => purchase.Outcome is Outcome.Acknowledged)
            .Select(purchase => purchase.OrderId!.Value)
            .ToHashSet();
        var times = found.CountBy(id => id).ToDictionary();
        return new(
            acknowledged.Count,
            acknowledged.Count(id => times.GetValueOrDefault(id) == 1),
            [.. acknowledged.Where(id => !times.ContainsKey(id))],
            [.. times.Where(pair => pair.Value > 1 || !acknowledged.Contains(pair.Key)).Select(pair => pair.Key)],
            journal.Count(purchase => purchase.Outcome is Outcome.Unknown),
            journal.Count(purchase => purchase.Outcome is Outcome.Refused),
            stock is { } pieces ? pieces.Before - sold == pieces.After : null
        );
    }
}

/// <summary>What a run measured; kept in a file, so that runs in other modes can be compared.</summary>
public sealed record Measurement(
    DateTimeOffset At,
    string Mode,
    int RatePerSecond,
    int Seconds,
    string Fault,
    int Acknowledged,
    double OrdersPerSecond,
    double MedianMilliseconds,
    double P99Milliseconds,
    double LongestGapMilliseconds,
    int Lost,
    int Doubled,
    int Unresolved,
    Failover? Failover
)
{
    /// <summary>Makes it of a finished run. Pure.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="mode">The storage mode.</param>
    /// <param name="plan">What was planned.</param>
    /// <param name="journal">All purchases.</param>
    /// <param name="verdict">What the checker found.</param>
    /// <param name="failover">The failover that happened during the run, if one did.</param>
    /// <returns>The measurement.</returns>
    public static Measurement Of(
        DateTimeOffset at,
        string mode,
        BuyerPlan plan,
        IReadOnlyList<Purchase> journal,
        Verdict verdict,
        Failover? failover
    )
    {
        var done = journal.Where(purchase => purchase.Outcome is Outcome.Acknowledged).ToList();
        var latencies = done.Select(purchase => purchase.LatencyMilliseconds).Order().ToList();
        var ends = done.Select(purchase => purchase.StartedAt + purchase.LatencyMilliseconds).Order().ToList();
        var span = ends.Count > 0 ? ends[^1] - done.Min(purchase => purchase.StartedAt) : 0;
        return new(
            at,
            mode,
            plan.RatePerSecond,
            plan.Seconds,
            plan.Fault.Id,
            verdict.Acknowledged,
            span > 0 ? ends.Count * 1000 / span : 0,
            Quantile(latencies, 0.5),
            Quantile(latencies, 0.99),
            ends.Zip(ends.Skip(1), (earlier, later) => later - earlier).DefaultIfEmpty().Max(),
            verdict.Lost.Count,
            verdict.Doubled.Count,
            verdict.Unresolved,
            failover
        );
    }

    /// <summary>Nearest-rank quantile of sorted values; 0 where there are none.</summary>
    /// <param name="sorted">Ascending.</param>
    /// <param name="share">0 to 1.</param>
    /// <returns>One of the values.</returns>
    public static double Quantile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
