namespace Consensus.Evaluation;

/// <summary>A figure with how sure it is.</summary>
/// <param name="Value">Computed on the held-out rows.</param>
/// <param name="StandardError">By a bootstrap over rows (Efron 1979) with a fixed seed.</param>
internal sealed record Figure(double Value, double StandardError)
{
    private const int Resamples = 200;

    private const int Seed = 4_000;

    /// <summary>Computes a figure and its standard error; null where so few rows give none, as R2 of a single one.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="metric">Of some of them, given by index; an index may come twice.</param>
    internal static Figure? Of(int rows, Func<int[], double> metric)
    {
        var random = new Random(Seed);
        var all = Enumerable.Range(0, rows).ToArray();
        var value = metric(all);
        var samples = Enumerable
            .Range(0, Resamples)
            .Select(_ => metric([.. all.Select(_ => random.Next(rows))]))
            .Where(double.IsFinite)
            .ToArray();
        if (!double.IsFinite(value) || samples.Length == 0)
        {
            return null;
        }

        var mean = samples.Average();
        var variance = samples.Sum(sample => (sample - mean) * (sample - mean)) / Math.Max(1, samples.Length - 1);
        return new(value, Math.Sqrt(variance));
    }
}

/// <summary>Scores of answers against truths.</summary>
internal static class Metrics
{
    /// <summary>Least probability that log-loss sees, as the common libraries do.</summary>
    private const double Least = 1e-15;

    /// <summary>Share of rows whose likeliest class is right.</summary>
    internal static double Accuracy(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> truths, int[] rows) =>
        rows.Average(row =>
            Workshop.Ledger.Mechanism.Probabilities.ArgMax<double>(probabilities[row]) == truths[row] ? 1.0 : 0.0
        );

    /// <summary>Mean of -ln of the probability given to what was right.</summary>
    internal static double LogLoss(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> truths, int[] rows) =>
        rows.Average(row => -Math.Log(Math.Max(Least, probabilities[row][truths[row]])));

    /// <summary>Root of the mean squared error.</summary>
    internal static double Rmse(IReadOnlyList<double> values, IReadOnlyList<double> truths, int[] rows) =>
        Math.Sqrt(rows.Average(row => Square(values[row] - truths[row])));

    /// <summary>1 - squared error / squared deviation from the mean.</summary>
    internal static double R2(IReadOnlyList<double> values, IReadOnlyList<double> truths, int[] rows)
    {
        var mean = rows.Average(row => truths[row]);
        return 1 - (rows.Sum(row => Square(values[row] - truths[row])) / rows.Sum(row => Square(truths[row] - mean)));
    }

    /// <summary>Median of the absolute errors.</summary>
    internal static double MedianError(IReadOnlyList<double> values, IReadOnlyList<double> truths, int[] rows)
    {
        var errors = rows.Select(row => Math.Abs(values[row] - truths[row])).Order().ToArray();
        return (errors[(errors.Length - 1) / 2] + errors[errors.Length / 2]) / 2;
    }

    private static double Square(double x) => x * x;
}
