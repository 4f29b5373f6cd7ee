using System.Globalization;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>One of the figures by which answers are judged.</summary>
/// <param name="Name">For a person.</param>
/// <param name="Of">Its value for somebody; null where there is none.</param>
/// <param name="Figure">A value as a person reads it.</param>
/// <param name="IsShare">Whether it is the share of rows that are right.</param>
public sealed record EvaluationMetric(
    string Name,
    Func<Evaluated, Metric?> Of,
    Func<double, string> Figure,
    bool IsShare = false
)
{
    /// <summary>All of them; a network has some.</summary>
    public static IReadOnlyList<EvaluationMetric> All { get; } =
    [
        new("Accuracy", one => one.Accuracy, value => Format(100 * value, "0.0 '%'"), IsShare: true),
        new("Log loss (lower is better)", one => one.LogLoss, value => Format(value, "0.000")),
        new("R²", one => one.R2, value => Format(value, "0.000")),
        new("RMSE", one => one.Rmse, value => Format(value, "'$'#,##0")),
        new("Median error", one => one.MedianAbsoluteError, value => Format(value, "'$'#,##0")),
    ];

    /// <summary>Where somebody's value may well lie; null where there is none.</summary>
    /// <param name="one">Who.</param>
    public Interval? IntervalOf(Evaluated one) =>
        Of(one) is not { } metric ? null
        : IsShare ? Interval.OfShare(metric.Value, one.Answered)
        : Interval.Of(metric);

    /// <summary>Somebody's value, and how sure it is.</summary>
    /// <param name="one">Who.</param>
    /// <returns>For example <c>11 of 13: 84.6 % (57.8 to 95.7)</c> or <c>0.368 ± 0.044</c>.</returns>
    public string Words(Evaluated one)
    {
        if (Of(one) is not { } metric)
        {
            return "no answer";
        }

        if (!IsShare)
        {
            return $"{Figure(metric.Value)} ± {Figure(metric.StandardError).TrimStart('$')}";
        }

        var (right, interval) = (Math.Round(metric.Value * one.Answered), Interval.OfShare(metric.Value, one.Answered));
        return $"{Format(right, "0")} of {Format(one.Answered, "0")}: {Figure(metric.Value)} "
            + $"({Format(100 * interval.Low, "0.0")} to {Format(100 * interval.High, "0.0")})";
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
