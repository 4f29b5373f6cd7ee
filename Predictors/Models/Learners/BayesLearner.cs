using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>
/// Gaussian naive Bayes with Laplace-smoothed frequencies for categories; for a value, Bayesian linear regression
/// with its precisions set by the evidence (MacKay 1992).
/// </summary>
public sealed class BayesLearner : ILearner
{
    /// <summary>Added to every count of a level (Laplace).</summary>
    private const double LevelPrior = 1;

    /// <summary>
    /// Share of a feature's overall variance that is added to each class's own: no class is ever a spike.
    /// </summary>
    private const double VarianceShare = 0.02;

    /// <inheritdoc/>
    public string Name => "bayes";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.Indicators;

    /// <inheritdoc/>
    public string Parameters(Network network) =>
        network.IsClassification
            ? $"naive, level prior {LevelPrior}, variance share {VarianceShare}"
            : $"evidence, at most {BayesianRegression.MaxIterations} rounds";

    /// <inheritdoc/>
    public Head Fit(TrainingSet data) =>
        data.Network.IsClassification
            ? FitClasses(data)
            : BayesianRegression.Fit(
                [.. data.Vectors.Select(vector => vector.Select(number => (double)number).ToArray())],
                data.Targets
            );

    private static BayesHead FitClasses(TrainingSet data)
    {
        var rowsOf = Enumerable
            .Range(0, data.Network.Labels.Length)
            .Select(label => data.Derived.Where((_, row) => data.Targets[row] == label).ToArray())
            .ToArray();
        var features = data
            .Features.Select((feature, index) => (Feature: feature, Index: index))
            .Where(item => item.Feature.IsBasic)
            .Select(item =>
                item.Feature.LevelCount > 0
                    ? FitLevels(item.Index, item.Feature.LevelCount, rowsOf)
                    : FitNumber(item.Index, rowsOf)
            );
        return new([.. rowsOf.Select(rows => Math.Log((double)rows.Length / data.Derived.Length))], [.. features]);
    }

    private static BayesFeature FitLevels(int index, int levelCount, double[][][] rowsOf) =>
        new(index, [], [], [.. rowsOf.Select(rows => LogFrequencies(index, levelCount, rows))]);

    private static double[] LogFrequencies(int index, int levelCount, double[][] rows)
    {
        var counts = new double[levelCount];
        Array.Fill(counts, LevelPrior);
        foreach (var row in rows.Where(row => !double.IsNaN(row[index])))
        {
            counts[(int)row[index]]++;
        }

        var total = counts.Sum();
        return [.. counts.Select(count => Math.Log(count / total))];
    }

    private static BayesFeature FitNumber(int index, double[][][] rowsOf)
    {
        var known = rowsOf
            .Select(rows => rows.Select(row => row[index]).Where(value => !double.IsNaN(value)).ToArray())
            .ToArray();
        var extra = VarianceShare * Variance([.. known.SelectMany(values => values)]);
        return new(
            index,
            [.. known.Select(values => values.Average())],
            [.. known.Select(values => Math.Sqrt(Variance(values) + extra))],
            []
        );
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
