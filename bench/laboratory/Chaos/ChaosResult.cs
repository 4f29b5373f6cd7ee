using System.Globalization;
using System.Text;

namespace LaboratoryBench.Chaos;

/// <summary>How a run went.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="History">What happened.</param>
/// <param name="Faults">What was done.</param>
/// <param name="TurnedAway">Arrivals that found every shopper waiting.</param>
/// <param name="Violations">What the checker found.</param>
public sealed record ChaosResult(
    ChaosOptions Options,
    History History,
    IReadOnlyList<Fault> Faults,
    int TurnedAway,
    IReadOnlyList<Violation> Violations
)
{
    /// <summary>When purchases were acknowledged, in rising order.</summary>
    public IReadOnlyList<TimeSpan> Acknowledged =>
        [
            .. History
                .Calls.Where(call => call is { IsPurchase: true, Outcome: Outcome.Ok })
                .Select(call => call.Ended)
                .Order(),
        ];

    /// <summary>For how long nobody could buy, after each of some faults.</summary>
    /// <param name="faults">Faults of this run.</param>
    /// <returns>One per fault after which something was bought.</returns>
    public IReadOnlyList<TimeSpan> GapsAfter(IEnumerable<Fault> faults)
    {
        var acknowledged = Acknowledged;
        return [.. faults.Select(fault => Gaps.After(acknowledged, fault.At, Next(fault))).OfType<TimeSpan>()];

        TimeSpan? Next(Fault fault) => Faults.FirstOrDefault(other => other.At > fault.At)?.At;
    }

    /// <summary>A summary in Markdown.</summary>
    /// <returns>A table of the faults, and the counts that matter.</returns>
    public string Summary()
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        var buys = History.Calls.Where(call => call.IsPurchase).ToList();
        var lists = History.Calls.Where(call => call.Kind == CallKind.List).ToList();
        var carts = History.Calls.Count(call => call.Kind == CallKind.CheckOut);
        var lost = History.Losses.SelectMany(loss => loss.Orders).Distinct().Count();
        text.AppendLine(
            culture,
            $"{Options.Mode}, seed {Options.Seed}, {Options.Duration.TotalSeconds:0} s of faults:"
        );
        text.AppendLine(
            culture,
            $"purchases {buys.Count} ({carts} of carts): acknowledged {Acknowledged.Count}, refused {buys.Count(Is(Outcome.Refused))}, "
                + $"unknown to the buyer {buys.Count(Is(Outcome.Unknown))}; lists {lists.Count}: failed "
                + $"{lists.Count(Is(Outcome.Failed))}; turned away {TurnedAway}"
        );
        text.AppendLine(
            culture,
            $"lost and listed {lost}; violations {Violations.Count}: lost without a word {Count(Rule.AcknowledgedIsKept)}, "
                + $"doubled {Count(Rule.KeyBuysOnce)}, oversold {Count(Rule.NoOversell)}, carts {Count(Rule.CartIsKept)}"
        );
        text.AppendLine();
        text.AppendLine("| fault | times | gap p50 ms | gap p99 ms | longest ms | healed p50 ms |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var kind in Faults.GroupBy(fault => fault.Kind).OrderBy(group => group.Key))
        {
            var gaps = GapsAfter(kind);
            var shown =
                gaps.Count == 0
                    ? "none bought | none bought | none bought"
                    : string.Create(
                        culture,
                        $"{Ms(Gaps.Quantile(gaps, 0.5))} | {Ms(Gaps.Quantile(gaps, 0.99))} | {Ms(gaps.Max())}"
                    );
            var healed = Gaps.Quantile([.. kind.Select(fault => fault.Healed)], 0.5);
            text.AppendLine(culture, $"| {kind.Key} | {kind.Count()} | {shown} | {Ms(healed)} |");
        }

        foreach (var violation in Violations.Take(20))
        {
            text.AppendLine(culture, $"VIOLATION {violation.Rule}: {violation.Detail}");
        }

        return text.ToString();

        static Func<Call, bool> Is(Outcome outcome) => call => call.Outcome == outcome;
        static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
    }

    /// <summary>How often a rule was broken.</summary>
    /// <param name="rule">The rule.</param>
    /// <returns>0 when the shop kept its word.</returns>
    public int Count(Rule rule) => Violations.Count(violation => violation.Rule == rule);
}
