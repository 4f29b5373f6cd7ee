using System.Globalization;
using System.Text.Json.Serialization;
using Shop.Web.Redundancy.Buyers;

namespace Shop.Web.Redundancy.Runs;

/// <summary>A purchase of a run, as it is kept. Times count from the start of the run.</summary>
/// <param name="AtMilliseconds">When the buyer began.</param>
/// <param name="LatencyMilliseconds">Until the last word.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="Server">The shop server that had the last word.</param>
/// <param name="OrderId">The order, where there is one.</param>
/// <param name="TraceId">Of the purchase, in the dashboard.</param>
/// <param name="Reason">Why it was refused, or has no answer.</param>
/// <param name="Naive">Whether the buyer was a naive one.</param>
public sealed record RunOrder(
    double AtMilliseconds,
    double LatencyMilliseconds,
    string Outcome,
    string? Server = null,
    Guid? OrderId = null,
    string? TraceId = null,
    string? Reason = null,
    bool Naive = false
);

/// <summary>How a purchase of a run ended, as files and pages name it.</summary>
public static class Outcomes
{
    /// <summary>Confirmed at the first attempt.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>Confirmed after it had to be sent again.</summary>
    public const string Retried = "retried";

    /// <summary>Refused for good.</summary>
    public const string Refused = "refused";

    /// <summary>Nobody has said yes or no.</summary>
    public const string NoAnswer = "no answer";

    /// <summary>The outcome of a purchase.</summary>
    /// <param name="purchase">From the run's journal.</param>
    public static string Of(Purchase purchase) =>
        purchase.Outcome switch
        {
            Outcome.Acknowledged => purchase.Retried ? Retried : Acknowledged,
            Outcome.Refused => Refused,
            _ => NoAnswer,
        };
}

/// <summary>A fault that was made during a run, or its end.</summary>
/// <param name="AtMilliseconds">When it was sent.</param>
/// <param name="Command">The host's command, or one of ours.</param>
/// <param name="Target">The resource.</param>
/// <param name="TraceId">Of the command, in the dashboard.</param>
/// <param name="Id">Of the planned fault; null for its end, and in runs of earlier versions.</param>
public sealed record RunFault(
    double AtMilliseconds,
    string Command,
    string Target,
    string? TraceId = null,
    string? Id = null
);

/// <summary>How things stood from a moment on.</summary>
/// <param name="AtMilliseconds">Since the start of the run.</param>
/// <param name="Primary">The primary database; null while nobody knows.</param>
/// <param name="InSync">Whether the standby was in sync; null in basic mode, and while nobody knows.</param>
/// <param name="Parts">How each part stood; null in runs of earlier versions.</param>
public sealed record RunMoment(
    double AtMilliseconds,
    string? Primary,
    bool? InSync,
    IReadOnlyList<RunPart>? Parts = null
)
{
    /// <summary>Whether things stood then as now.</summary>
    /// <param name="other">Another moment.</param>
    public bool IsLike(RunMoment other) =>
        string.Equals(Primary, other.Primary, StringComparison.Ordinal)
        && InSync == other.InSync
        && (Parts ?? []).SequenceEqual(other.Parts ?? []);
}

/// <summary>A stretch of a run that has a name.</summary>
/// <param name="Name">For example <c>promote</c>.</param>
/// <param name="FromMilliseconds">Since the start of the run.</param>
/// <param name="ToMilliseconds">Since the start of the run.</param>
public sealed record RunBand(string Name, double FromMilliseconds, double ToMilliseconds);

/// <summary>What became of the naive buyers of a run: one fixed server, no retry, no key.</summary>
/// <param name="Server">The server that all of them asked.</param>
/// <param name="Verdict">The checker's word on their orders; the stock is the other verdict's.</param>
/// <param name="Figures">What was measured of them; null where nothing was acknowledged to them.</param>
public sealed record RunContrast(string Server, Verdict Verdict, Measurement? Figures)
{
    /// <summary>What was measured of them.</summary>
    public Measurement? Figures { get; init; } = Measurement.IfMeasured(Figures);
}

/// <summary>A run of buyers, as it is kept, shown and downloaded.</summary>
/// <param name="Number">Its number in this workshop, from 1.</param>
/// <param name="StartedAt">When the first buyer began, UTC.</param>
/// <param name="Mode">The storage mode.</param>
/// <param name="RatePerSecond">Orders begun per second.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="FaultId">The planned faults, as runs are told by them.</param>
/// <param name="FaultLabel">The planned faults, for a person.</param>
/// <param name="Remark">What happened to the plan, in words.</param>
/// <param name="Fault">The first fault that was made; null for none.</param>
/// <param name="Failover">The last failover that happened; null for none.</param>
/// <param name="Verdict">The checker's word on the orders of resilient buyers; null where it had none.</param>
/// <param name="Figures">What was measured of them; null without a verdict, and where nothing was acknowledged.</param>
/// <param name="Bands">Phases of the fault, in their order.</param>
/// <param name="Moments">How things stood, in their order.</param>
/// <param name="Orders">All purchases, in the order in which they began.</param>
/// <param name="Naive">The naive buyers' side; null without them, and without a verdict.</param>
/// <param name="Events">What the conductor saw and did meanwhile, oldest first; null in runs of earlier versions.</param>
/// <param name="Plan">What was to go wrong; null in runs of earlier versions.</param>
/// <param name="Faults">All that was made, in the order of time; null in runs of earlier versions.</param>
/// <param name="Failovers">All that happened, in their order; null in runs of earlier versions.</param>
/// <param name="IsObserved">Whether somebody else failed over: then nobody here knows of a fence.</param>
public sealed record RunRecord(
    int Number,
    DateTimeOffset StartedAt,
    string Mode,
    int RatePerSecond,
    int Seconds,
    string FaultId,
    string FaultLabel,
    string? Remark,
    RunFault? Fault,
    Failover? Failover,
    Verdict? Verdict,
    Measurement? Figures,
    IReadOnlyList<RunBand> Bands,
    IReadOnlyList<RunMoment> Moments,
    IReadOnlyList<RunOrder> Orders,
    RunContrast? Naive = null,
    IReadOnlyList<RunEvent>? Events = null,
    FaultPlan? Plan = null,
    IReadOnlyList<RunFault>? Faults = null,
    IReadOnlyList<Failover>? Failovers = null,
    bool IsObserved = false
)
{
    /// <summary>What was measured of resilient buyers.</summary>
    public Measurement? Figures { get; init; } = Measurement.IfMeasured(Figures);

    /// <summary>The page of a run.</summary>
    /// <param name="number">Its number.</param>
    public static string AddressOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"/redundancy/runs/{number}");

    /// <summary>The faults that were made, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<RunFault> AllFaults => Faults ?? (Fault is null ? [] : [Fault]);

    /// <summary>The failovers that happened, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<Failover> AllFailovers => Failover.AllOf(Failovers, Failover);

    /// <summary>The plan with which the run can be repeated.</summary>
    [JsonIgnore]
    public BuyerPlan BuyerPlan => new(RatePerSecond, Seconds, Plan ?? FaultPlan.Of(FaultId, Seconds), HasNaive);

    /// <summary>Where the time axis ends.</summary>
    public double EndMilliseconds =>
        Math.Max(
            Seconds * 1000.0,
            Orders.Select(order => order.AtMilliseconds + order.LatencyMilliseconds).DefaultIfEmpty().Max()
        );

    /// <summary>Whether naive buyers came beside the resilient ones.</summary>
    [JsonIgnore]
    public bool HasNaive => Naive is not null || Orders.Any(order => order.Naive);

    /// <summary>How many purchases ended in this way.</summary>
    /// <param name="outcome">One of <see cref="Outcomes"/>.</param>
    /// <param name="naive">Of naive buyers, or else of resilient ones.</param>
    public int Count(string outcome, bool naive = false) =>
        Of(naive).Count(order => string.Equals(order.Outcome, outcome, StringComparison.Ordinal));

    /// <summary>The purchases of one kind of buyers.</summary>
    /// <param name="naive">Of naive buyers, or else of resilient ones.</param>
    public IEnumerable<RunOrder> Of(bool naive) => Orders.Where(order => order.Naive == naive);

    /// <summary>Makes it of a finished run. Pure.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="run">The run.</param>
    public static RunRecord Of(int number, BuyerRun run)
    {
        var orders = run
            .Journal.Concat(run.NaiveJournal)
            .OrderBy(purchase => purchase.StartedAt)
            .Select(purchase => new RunOrder(
                Math.Round(purchase.StartedAt, 1),
                Math.Round(purchase.LatencyMilliseconds, 1),
                Outcomes.Of(purchase),
                purchase.Server,
                purchase.OrderId,
                purchase.TraceId,
                purchase.Reason,
                purchase.Naive
            ))
            .ToList();
        var (moments, faults, failovers) = (run.Moments, run.Faults, run.Failovers);
        return new(
            number,
            run.StartedAt,
            run.Mode,
            run.Plan.RatePerSecond,
            run.Plan.Seconds,
            run.Plan.Faults.Id,
            run.Plan.Faults.Label,
            run.Remark,
            faults.Count > 0 ? faults[0] : null,
            failovers.Count > 0 ? failovers[^1] : null,
            run.Verdict,
            run.Measurement,
            RunBands.Of(run.StartedAt, faults, failovers, moments, run.IsObserved),
            moments,
            orders,
            run.Contrast,
            run.Events,
            run.Plan.Faults,
            faults,
            failovers,
            run.IsObserved
        );
    }
}
