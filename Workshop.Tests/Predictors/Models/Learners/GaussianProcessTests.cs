using Predictors.Models;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models.Learners;

public sealed class GaussianProcessTests
{
    /// <summary>Answers are summed up in floats.</summary>
    private const double SinglePrecision = 1e-5;

    private static readonly GaussianProcess Process = new(Straight: 0.1, Curved: 0.5, Length: 2, Noise: 0.3);

    /// <summary>Two rows with targets 1 and -1: K is two by two, and its inverse is known.</summary>
    [Fact]
    public void Two_rows_give_the_mean_of_the_textbook()
    {
        var head = Process.Fit(
            [
                [0],
                [1],
            ],
            [1, -1]
        );
        double Alike(double x, double z) => (0.1 * x * z) + (0.5 * Math.Exp(-(x - z) * (x - z) / 8));
        var (a, b, c) = (Alike(0, 0) + 0.3, Alike(0, 1), Alike(1, 1) + 0.3);
        var determinant = (a * c) - (b * b);
        var (first, second) = ((c + b) / determinant, (-b - a) / determinant);

        foreach (var x in new[] { -1f, 0f, 0.4f, 3f })
        {
            Assert.Equal((Alike(x, 0) * first) + (Alike(x, 1) * second), Answer(head, x), SinglePrecision);
        }
    }

    [Fact]
    public void Without_the_curved_part_it_is_ridge_regression()
    {
        var random = new Random(9);
        float[][] rows = [.. Enumerable.Range(0, 50).Select(_ => new[] { (float)random.NextDouble() - 0.5f })];
        double[] targets = [.. rows.Select(row => (3 * row[0]) + random.NextDouble())];
        var mean = targets.Average();
        var head = new GaussianProcess(Straight: 2, Curved: 0, Length: 1, Noise: 0.5).Fit(rows, targets);
        var weight =
            rows.Zip(targets, (row, target) => row[0] * (target - mean)).Sum()
            / (rows.Sum(row => (double)row[0] * row[0]) + (0.5 / 2));

        Assert.Equal(weight, head.Weights[0], 1e-9);
        Assert.Equal(mean + (weight * 0.3f), Answer(head, 0.3f), SinglePrecision);
    }

    [Fact]
    public void With_hardly_any_noise_it_goes_through_every_row()
    {
        float[][] rows =
        [
            [-2],
            [-1],
            [0],
            [1],
            [2],
        ];
        double[] targets = [3, -1, 4, 1, -5];
        var head = new GaussianProcess(Straight: 0, Curved: 1, Length: 0.7, Noise: 1e-8).Fit(rows, targets);

        Assert.All(rows.Zip(targets), pair => Assert.Equal(pair.Second, Answer(head, pair.First[0]), 1e-3));
        Assert.Equal(targets.Average(), Answer(head, 50), SinglePrecision);
    }

    [Fact]
    public void Equal_rows_equal_targets_and_one_row_are_no_trouble()
    {
        Assert.Equal(
            7,
            Answer(
                Process.Fit(
                    [
                        [1],
                        [1],
                        [2],
                    ],
                    [7, 7, 7]
                ),
                1.5f
            ),
            SinglePrecision
        );
        Assert.Equal(
            7,
            Answer(
                Process.Fit(
                    [
                        [0],
                    ],
                    [7]
                ),
                3
            ),
            SinglePrecision
        );
        Assert.InRange(
            Answer(
                Process.Fit(
                    [
                        [1],
                        [1],
                    ],
                    [6, 8]
                ),
                1
            ),
            6.9,
            7.1
        );
    }

    private static double Answer(GaussianProcessHead head, params float[] row)
    {
        var outputs = new double[1];
        head.Predict([], row, outputs);
        return outputs[0];
    }
}
