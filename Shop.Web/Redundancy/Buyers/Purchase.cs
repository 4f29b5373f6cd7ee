using System.Text.Json.Serialization;

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
/// <param name="Retried">Whether it had to be sent more than once.</param>
/// <param name="Server">The server that had the last word.</param>
/// <param name="TraceId">Of the whole purchase; null where nobody collects traces.</param>
/// <param name="Naive">Whether the buyer was a naive one.</param>
public sealed record Purchase(
    string Key,
    string UserId,
    double StartedAt,
    double LatencyMilliseconds,
    Outcome Outcome,
    Guid? OrderId,
    string? Reason,
    bool Retried = false,
    string? Server = null,
    string? TraceId = null,
    bool Naive = false
);

/// <summary>An order of the run's buyers that the checker found.</summary>
/// <param name="Id">The order.</param>
/// <param name="UserId">Whose.</param>
public sealed record FoundOrder(Guid Id, string UserId);

/// <summary>What the checker found when it looked for every order of a run, in the classes of Jepsen's set checker.</summary>
/// <param name="Acknowledged">Orders that the shop had said yes to.</param>
/// <param name="FoundOnce">Of those, found exactly once.</param>
/// <param name="Lost">Acknowledged and not there.</param>
/// <param name="Duplicated">There more than once.</param>
/// <param name="Unexpected">There, though no purchase of their buyer can have made them.</param>
/// <param name="Recovered">There, of a buyer who got no answer: allowed, since nobody was told otherwise.</param>
/// <param name="Unresolved">Purchases without a last word even at the end.</param>
/// <param name="Refused">Purchases that the shop refused.</param>
/// <param name="StockAddsUp">What was sold and what is left is what there was; null when it could not be read.</param>
public sealed record Verdict(
    int Acknowledged,
    int FoundOnce,
    IReadOnlyList<Guid> Lost,
    IReadOnlyList<Guid> Duplicated,
    IReadOnlyList<Guid> Unexpected,
    IReadOnlyList<Guid> Recovered,
    int Unresolved,
    int Refused,
    bool? StockAddsUp
)
{
    /// <summary>Whether the shop kept its word. A buyer without an answer was promised nothing.</summary>
    [JsonIgnore]
    public bool IsKept => Lost.Count + Duplicated.Count + Unexpected.Count == 0 && StockAddsUp is not false;

    /// <summary>Compares the journal with what is found. Pure.</summary>
    /// <param name="journal">All purchases.</param>
    /// <param name="found">All orders of the run's buyers, as often as they are found.</param>
    /// <param name="sold">Pieces in the orders found.</param>
    /// <param name="stock">Pieces before and after; null when they could not be read.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Of(
        IReadOnlyList<Purchase> journal,
        IReadOnlyList<FoundOrder> found,
        int sold,
        (int Before, int After)? stock
    )
    {
        var acknowledged = journal
            .Where(purchase => purchase.Outcome is Outcome.Acknowledged)
            .Select(purchase => purchase.OrderId!.Value)
            .ToHashSet();
        var times = found.CountBy(order => order.Id).ToDictionary();
        var unanswered = journal
            .Where(purchase => purchase.Outcome is Outcome.Unknown)
            .CountBy(purchase => purchase.UserId, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        // Each purchase without an answer may have made one order of its buyer.
        var unclaimed = found
            .DistinctBy(order => order.Id)
            .Where(order => !acknowledged.Contains(order.Id))
            .GroupBy(order => order.UserId, order => order.Id, StringComparer.Ordinal)
            .Select(ids => (Ids: ids.Order().ToList(), Allowed: unanswered.GetValueOrDefault(ids.Key)))
            .ToList();
        return new(
            acknowledged.Count,
            acknowledged.Count(id => times.GetValueOrDefault(id) == 1),
            [.. acknowledged.Where(id => !times.ContainsKey(id))],
            [.. times.Where(pair => pair.Value > 1).Select(pair => pair.Key)],
            [.. unclaimed.SelectMany(buyer => buyer.Ids.Skip(buyer.Allowed))],
            [.. unclaimed.SelectMany(buyer => buyer.Ids.Take(buyer.Allowed))],
            journal.Count(purchase => purchase.Outcome is Outcome.Unknown),
            journal.Count(purchase => purchase.Outcome is Outcome.Refused),
            stock is { } pieces ? pieces.Before - sold == pieces.After : null
        );
    }
}

/// <summary>
/// What a run measured of one kind of buyers. That of resilient ones is kept in a file, so that runs in other modes can be
/// compared.
/// </summary>
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
    Failover? Failover,
    int? NaiveUnresolved = null,
    IReadOnlyList<Failover>? Failovers = null
)
{
    /// <summary>The failovers that happened, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<Failover> AllFailovers => Failover.AllOf(Failovers, Failover);

    /// <summary>Makes it of a finished run. Pure.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="mode">The storage mode.</param>
    /// <param name="plan">What was planned.</param>
    /// <param name="faults">
    /// What came about of it, as <see cref="FaultPlan.Id"/>: a fault that was not made was not survived.
    /// </param>
    /// <param name="journal">All purchases.</param>
    /// <param name="verdict">What the checker found.</param>
    /// <param name="failovers">Those that happened during the run, in their order.</param>
    /// <returns>The measurement; null where no order was acknowledged, so that there was nothing to measure.</returns>
    public static Measurement? Of(
        DateTimeOffset at,
        string mode,
        BuyerPlan plan,
        string faults,
        IReadOnlyList<Purchase> journal,
        Verdict verdict,
        IReadOnlyList<Failover> failovers
    )
    {
        var done = journal.Where(purchase => purchase.Outcome is Outcome.Acknowledged).ToList();
        if (done.Count == 0)
        {
            return null;
        }

        var latencies = done.Select(purchase => purchase.LatencyMilliseconds).Order().ToList();
        var ends = done.Select(purchase => purchase.StartedAt + purchase.LatencyMilliseconds).Order().ToList();
        var span = ends[^1] - done.Min(purchase => purchase.StartedAt);
        return new(
            at,
            mode,
            plan.RatePerSecond,
            plan.Seconds,
            faults,
            verdict.Acknowledged,
            span > 0 ? ends.Count * 1000 / span : 0,
            Quantile(latencies, 0.5),
            Quantile(latencies, 0.99),
            LongestGap(journal, ends),
            verdict.Lost.Count,
            verdict.Duplicated.Count + verdict.Unexpected.Count,
            verdict.Unresolved,
            failovers is [.., var last] ? last : null,
            Failovers: failovers
        );
    }

    /// <summary>Files of earlier versions hold runs in which nothing was acknowledged, with 0 for each time.</summary>
    /// <param name="kept">As it stands in a file.</param>
    /// <returns>Null where nothing was measured.</returns>
    public static Measurement? IfMeasured(Measurement? kept) => kept is { Acknowledged: > 0 } ? kept : null;

    /// <summary>Buyers who wait before the first confirmation, or after the last one, are a pause as well.</summary>
    private static double LongestGap(IReadOnlyList<Purchase> journal, List<double> ends)
    {
        var begins = journal.Select(purchase => purchase.StartedAt).ToList();
        List<double> marks = [begins.Min(), .. ends, Math.Max(begins.Max(), ends[^1])];
        return marks.Zip(marks.Skip(1), (earlier, later) => later - earlier).Max();
    }

    /// <summary>Nearest-rank quantile of sorted values; 0 where there are none.</summary>
    /// <param name="sorted">Ascending.</param>
    /// <param name="share">0 to 1.</param>
    /// <returns>One of the values.</returns>
    public static double Quantile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
