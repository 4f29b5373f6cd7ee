using System.Globalization;
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
public sealed record RunOrder(
    double AtMilliseconds,
    double LatencyMilliseconds,
    string Outcome,
    string? Server = null,
    Guid? OrderId = null,
    string? TraceId = null,
    string? Reason = null
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

/// <summary>The fault that was made during a run.</summary>
/// <param name="AtMilliseconds">When it was sent.</param>
/// <param name="Command">The host's command.</param>
/// <param name="Target">The resource.</param>
/// <param name="TraceId">Of the command, in the dashboard.</param>
public sealed record RunFault(double AtMilliseconds, string Command, string Target, string? TraceId = null);

/// <summary>How things stood from a moment on.</summary>
/// <param name="AtMilliseconds">Since the start of the run.</param>
/// <param name="Primary">The primary database; null while nobody knows.</param>
/// <param name="InSync">Whether the standby was in sync; null in basic mode, and while nobody knows.</param>
public sealed record RunMoment(double AtMilliseconds, string? Primary, bool? InSync);

/// <summary>A stretch of a run that has a name.</summary>
/// <param name="Name">For example <c>promote</c>.</param>
/// <param name="FromMilliseconds">Since the start of the run.</param>
/// <param name="ToMilliseconds">Since the start of the run.</param>
public sealed record RunBand(string Name, double FromMilliseconds, double ToMilliseconds);

/// <summary>A run of buyers, as it is kept, shown and downloaded.</summary>
/// <param name="Number">Its number in this workshop, from 1.</param>
/// <param name="StartedAt">When the first buyer began, UTC.</param>
/// <param name="Mode">The storage mode.</param>
/// <param name="RatePerSecond">Orders begun per second.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="FaultId">The planned fault, in forms.</param>
/// <param name="FaultLabel">The planned fault, for a person.</param>
/// <param name="Remark">What happened to the plan, in words.</param>
/// <param name="Fault">The fault that was made; null for none.</param>
/// <param name="Failover">The failover that happened; null for none.</param>
/// <param name="Verdict">The checker's word; null where it had none.</param>
/// <param name="Figures">What was measured; null without a verdict.</param>
/// <param name="Bands">Phases of the fault, in their order.</param>
/// <param name="Moments">How things stood, in their order.</param>
/// <param name="Orders">All purchases, in the order in which they began.</param>
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
    IReadOnlyList<RunOrder> Orders
)
{
    /// <summary>The page of a run.</summary>
    /// <param name="number">Its number.</param>
    public static string AddressOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"/redundancy/runs/{number}");

    /// <summary>Where the time axis ends.</summary>
    public double EndMilliseconds =>
        Math.Max(
            Seconds * 1000.0,
            Orders.Select(order => order.AtMilliseconds + order.LatencyMilliseconds).DefaultIfEmpty().Max()
        );

    /// <summary>How many purchases ended in this way.</summary>
    /// <param name="outcome">One of <see cref="Outcomes"/>.</param>
    public int Count(string outcome) =>
        Orders.Count(order => string.Equals(order.Outcome, outcome, StringComparison.Ordinal));

    /// <summary>Makes it of a finished run. Pure.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="run">The run.</param>
    /// <param name="mode">The storage mode.</param>
    /// <param name="failover">The failover that happened during the run, if one did.</param>
    public static RunRecord Of(int number, BuyerRun run, string mode, Failover? failover)
    {
        var orders = run
            .Journal.OrderBy(purchase => purchase.StartedAt)
            .Select(purchase => new RunOrder(
                Math.Round(purchase.StartedAt, 1),
                Math.Round(purchase.LatencyMilliseconds, 1),
                Outcomes.Of(purchase),
                purchase.Server,
                purchase.OrderId,
                purchase.TraceId,
                purchase.Reason
            ))
            .ToList();
        var moments = run.Moments;
        return new(
            number,
            run.StartedAt,
            mode,
            run.Plan.RatePerSecond,
            run.Plan.Seconds,
            run.Plan.Fault.Id,
            run.Plan.Fault.Label,
            run.Remark,
            run.Fault,
            failover,
            run.Verdict,
            run.Measurement,
            RunBands.Of(run.StartedAt, run.Fault, failover, moments),
            moments,
            orders
        );
    }
}
