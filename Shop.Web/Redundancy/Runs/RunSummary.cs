namespace Shop.Web.Redundancy.Runs;

/// <summary>A run as it stands in the list: without its purchases, which are most of it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="FaultLabel">The planned fault, for a person.</param>
/// <param name="StartedAt">When the first buyer began, UTC.</param>
/// <param name="Mode">The storage mode.</param>
/// <param name="Confirmed">Purchases that were confirmed, retried ones included.</param>
/// <param name="NoAnswer">Purchases without an answer.</param>
/// <param name="Lost">Confirmed orders that are not there; null without a verdict.</param>
/// <param name="LongestGapMilliseconds">Without a confirmed order; null without a verdict.</param>
/// <param name="RecoveryMilliseconds">Of the failover, the longest where there were several; null where there was none.</param>
public sealed record RunSummary(
    int Number,
    string FaultLabel,
    DateTimeOffset StartedAt,
    string Mode,
    int Confirmed,
    int NoAnswer,
    int? Lost,
    double? LongestGapMilliseconds,
    double? RecoveryMilliseconds
)
{
    /// <summary>Of a run. Pure.</summary>
    /// <param name="run">The run.</param>
    public static RunSummary Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(
            run.Number,
            run.FaultLabel,
            run.StartedAt,
            run.Mode,
            run.Count(Outcomes.Acknowledged) + run.Count(Outcomes.Retried),
            run.Count(Outcomes.NoAnswer),
            run.Verdict?.Lost.Count,
            run.Figures?.LongestGapMilliseconds,
            run.AllFailovers.Select(failover => (double?)failover.TotalMilliseconds).Max()
        );
    }
}
