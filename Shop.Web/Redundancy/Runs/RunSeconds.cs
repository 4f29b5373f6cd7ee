using Shop.Web.Redundancy.Buyers;

namespace Shop.Web.Redundancy.Runs;

/// <summary>The purchases that began within one second of a run.</summary>
/// <param name="Second">From 0.</param>
/// <param name="Begun">How many began.</param>
/// <param name="Acknowledged">Of those, confirmed, retried ones included.</param>
/// <param name="Retried">Of those, confirmed after they had to be sent again.</param>
/// <param name="NoAnswer">Of those, without an answer.</param>
/// <param name="MedianMilliseconds">Of the confirmed; null where there are none.</param>
/// <param name="WorstMilliseconds">Of the confirmed; null where there are none.</param>
/// <param name="NaiveBegun">Purchases of naive buyers that began; the other figures are those of resilient ones.</param>
/// <param name="NaiveNoAnswer">Of those, without an answer.</param>
public sealed record RunSecond(
    int Second,
    int Begun,
    int Acknowledged,
    int Retried,
    int NoAnswer,
    double? MedianMilliseconds,
    double? WorstMilliseconds,
    int NaiveBegun = 0,
    int NaiveNoAnswer = 0
)
{
    /// <summary>The table beside the picture. Pure.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<RunSecond> Of(RunRecord run) =>
        [
            .. run
                .Orders.GroupBy(order => (int)(order.AtMilliseconds / 1000))
                .OrderBy(second => second.Key)
                .Select(second =>
                {
                    var naive = second.Where(order => order.Naive).ToList();
                    var resilient = second.Where(order => !order.Naive).ToList();
                    var latencies = resilient
                        .Where(order => order.Outcome is Outcomes.Acknowledged or Outcomes.Retried)
                        .Select(order => order.LatencyMilliseconds)
                        .Order()
                        .ToList();
                    return new RunSecond(
                        second.Key,
                        resilient.Count,
                        latencies.Count,
                        resilient.Count(order => order.Outcome is Outcomes.Retried),
                        resilient.Count(order => order.Outcome is Outcomes.NoAnswer),
                        latencies.Count > 0 ? Measurement.Quantile(latencies, 0.5) : null,
                        latencies.Count > 0 ? latencies[^1] : null,
                        naive.Count,
                        naive.Count(order => order.Outcome is Outcomes.NoAnswer)
                    );
                }),
        ];
}
