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
    public void Neighbours_of_a_price_are_adjusted_by_the_trend()
    {
        // The trend says 10 + 2 x; both neighbours lie above it, by 1 and by 4.
        var head = new NeighboursHead(
            [
                [1],
                [4],
            ],
            [1, 4],
            [1],
            2,
            new LinearHead(
                [
                    [2],
                ],
                [10]
            )
        );
        var outputs = new double[1];

        head.Predict([], [2], outputs);
        // At distances 1 and 2, the bandwidth that of the second: weights 1/3 and 1/4.
        Assert.Equal(14 + ((1.0 / 3) + (4.0 / 4)) / ((1.0 / 3) + (1.0 / 4)), outputs[0], Precision);
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

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle())];

    private static float[] Times(float[] vector, float[] scales) =>
        [.. vector.Zip(scales, (number, scale) => number * scale)];
}
