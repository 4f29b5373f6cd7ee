using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>
/// k nearest neighbours over standardised numbers, each scaled by how strongly it goes with the class. Prices are compared
/// as an appraiser does: by a ridge regression's weights, which say how much a difference matters, and the neighbours'
/// prices are adjusted by them for what each house has more or less.
/// </summary>
public sealed class NeighboursLearner : ILearner
{
    /// <inheritdoc/>
    public string Name => "neighbours";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.TargetMeans;

    /// <inheritdoc/>
    public string Parameters(Network network) =>
        $"k {NeighbourCount(network)}, {(network.IsClassification ? "scaled by correlation" : "scaled and adjusted by weights")}";

    /// <inheritdoc/>
    public Head Fit(TrainingSet data)
    {
        var trend = data.Network.IsClassification ? null : BayesianRegression.Fit(data.Vectors, data.Targets);
        var scales = trend is null
            ? Correlations(data)
            : [.. trend.Weights[0].Select(weight => (float)Math.Abs(weight))];
        return new NeighboursHead(
            [.. data.Vectors.Select(vector => vector.Zip(scales, (number, scale) => number * scale).ToArray())],
            trend is null ? data.Targets : Differences(data, trend),
            scales,
            NeighbourCount(data.Network),
            trend
        );
    }

    /// <summary>Per row by how much its target is above the trend.</summary>
    private static double[] Differences(TrainingSet data, LinearHead trend)
    {
        var differences = new double[data.Targets.Length];
        Span<double> expected = stackalloc double[1];
        for (var row = 0; row < differences.Length; row++)
        {
            trend.Predict([], data.Vectors[row], expected);
            differences[row] = data.Targets[row] - expected[0];
        }

        return differences;
    }

    private static int NeighbourCount(Network network) =>
        network.Name switch
        {
            "iris" => 8,
            "titanic" => 20,
            _ => 8,
        };

    /// <summary>Per number the largest absolute correlation with any one class.</summary>
    private static float[] Correlations(TrainingSet data)
    {
        var targets = Enumerable
            .Range(0, data.Network.Labels.Length)
            .Select(label => data.Targets.Select(target => target == label ? 1.0 : 0).ToArray())
            .ToArray();
        return
        [
            .. Enumerable
                .Range(0, data.Vectors[0].Length)
                .Select(index => (float)targets.Max(target => Math.Abs(Correlation(data.Vectors, index, target)))),
        ];
    }

    /// <summary>Pearson's correlation of one standardised number with a target; 0 where either is constant.</summary>
    private static double Correlation(float[][] vectors, int index, double[] target)
    {
        var mean = target.Average();
        double product = 0;
        double squares = 0;
        double own = 0;
        for (var row = 0; row < vectors.Length; row++)
        {
            double number = vectors[row][index];
            product += number * (target[row] - mean);
            squares += (target[row] - mean) * (target[row] - mean);
            own += number * number;
        }

        return own > 0 && squares > 0 ? product / Math.Sqrt(own * squares) : 0;
    }
}
