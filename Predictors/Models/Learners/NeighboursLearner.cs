using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>
/// k nearest neighbours over standardised numbers, each scaled by how strongly it goes with the target.
/// </summary>
public sealed class NeighboursLearner : ILearner
{
    /// <inheritdoc/>
    public string Name => "neighbours";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.TargetMeans;

    /// <inheritdoc/>
    public string Parameters(Network network) => $"k {NeighbourCount(network)}, scaled by correlation";

    /// <inheritdoc/>
    public Head Fit(TrainingSet data)
    {
        var scales = Scales(data);
        return new NeighboursHead(
            [.. data.Vectors.Select(vector => vector.Zip(scales, (number, scale) => number * scale).ToArray())],
            data.Targets,
            scales,
            NeighbourCount(data.Network)
        );
    }

    private static int NeighbourCount(Network network) =>
        network.Name switch
        {
            "iris" => 11,
            "titanic" => 25,
            _ => 10,
        };

    /// <summary>Per number the largest absolute correlation with the value, or with any one class.</summary>
    private static float[] Scales(TrainingSet data)
    {
        var targets = data.Network.IsClassification
            ? Enumerable
                .Range(0, data.Network.Labels.Length)
                .Select(label => data.Targets.Select(target => target == label ? 1.0 : 0).ToArray())
                .ToArray()
            : [data.Targets];
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
