using Predictors.Data;
using Predictors.Models;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

/// <summary>Our own learners against a twin that is as dumb as the definition.</summary>
public sealed class TwinTests
{
    private const double Precision = 1e-9;

    /// <summary>Vectors are floats.</summary>
    private const double SinglePrecision = 1e-6;

    [Fact]
    public void Nearest_neighbours_are_those_of_a_full_sort()
    {
        var random = new Random(7);
        float[][] vectors = [.. Enumerable.Range(0, 60).Select(_ => Vector(random))];
        double[] targets = [.. vectors.Select(_ => (double)random.Next(3))];
        float[] scales = [1, 0.5f, 2, 0, 1, 1, 3, 0.1f, 1, 1];
        const int K = 7;
        var head = new NeighboursHead([.. vectors.Select(vector => Times(vector, scales))], targets, scales, K);
        for (var trial = 0; trial < 50; trial++)
        {
            var query = Vector(random);
            var outputs = new double[3];
            head.Predict([], query, outputs);

            Assert.Equal(Twin(query), outputs, (one, other) => Math.Abs(one - other) < SinglePrecision);
        }

        double[] Twin(float[] query)
        {
            var sorted = vectors
                .Select(
                    (vector, row) =>
                        (
                            Distance: Math.Sqrt(
                                Times(vector, scales)
                                    .Zip(Times(query, scales), (a, b) => Math.Pow((double)a - b, 2))
                                    .Sum()
                            ),
                            Class: targets[row]
                        )
                )
                .OrderBy(pair => pair.Distance)
                .Take(K)
                .ToArray();
            var weights = sorted.Select(pair => 1 / (pair.Distance + sorted[^1].Distance)).ToArray();
            return
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(label =>
                        (0.98 * weights.Where((_, index) => sorted[index].Class == label).Sum() / weights.Sum())
                        + (0.02 / 3)
                    ),
            ];
        }
    }

    [Fact]
    public void Naive_bayes_is_the_prior_times_the_density_of_each_feature()
    {
        var head = new BayesHead(
            [Math.Log(0.3), Math.Log(0.7)],
            [
                new(0, [1, 3], [0.5, 2], []),
                new(
                    1,
                    [],
                    [],
                    [
                        [Math.Log(0.2), Math.Log(0.8)],
                        [Math.Log(0.6), Math.Log(0.4)],
                    ]
                ),
            ]
        );
        var outputs = new double[2];

        head.Predict([1.5, 1], [], outputs);
        var (first, second) = (0.3 * Normal(1.5, 1, 0.5) * 0.8, 0.7 * Normal(1.5, 3, 2) * 0.4);
        Assert.Equal(first / (first + second), outputs[0], Precision);

        head.Predict([double.NaN, 0], [], outputs);
        Assert.Equal(0.06 / (0.06 + 0.42), outputs[0], Precision);
    }

    [Fact]
    public void Naive_bayes_learns_the_mean_size_of_a_species()
    {
        var head = Assert.IsType<BayesHead>(SharedModels.Of("bayes", "iris").Head);
        var rows = DataSet.Load(Networks.Iris).Training();
        var sizes = rows
            .Rows.Where((_, row) => rows.Targets[row] == 2)
            .Select(row => Math.Log(row[0] * row[1]))
            .ToArray();

        Assert.Equal(2, head.Features.Length);
        Assert.Equal(sizes.Average(), head.Features[0].Means[2], Precision);
    }

    [Fact]
    public void A_tree_goes_left_at_the_threshold_and_right_above()
    {
        var tree = new Tree([0, 1], [2, 5], [~0, ~1], [1, ~2], [10, 20, 30]);

        Assert.Equal(10, tree.Predict([2, 0]));
        Assert.Equal(20, tree.Predict([2.5f, 5]));
        Assert.Equal(30, tree.Predict([2.5f, 5.1f]));
        Assert.Equal(7, new Tree([], [], [], [], [7]).Predict([1, 2]));
    }

    private static double Normal(double value, double mean, double deviation) =>
        Math.Exp(-Math.Pow((value - mean) / deviation, 2) / 2) / (deviation * Math.Sqrt(2 * Math.PI));

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle())];

    private static float[] Times(float[] vector, float[] scales) =>
        [.. vector.Zip(scales, (number, scale) => number * scale)];
}
