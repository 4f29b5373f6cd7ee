using Predictors.Models;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models.Learners;

public sealed class DiscriminantTests
{
    private const double Precision = 1e-5;

    private const double LittleShrinkage = 1e-9;

    /// <summary>Two normal distributions of one deviation: log-odds are (m1 - m0) x / s^2, even in the middle.</summary>
    [Fact]
    public void Two_classes_of_one_number_have_the_log_odds_of_the_textbook()
    {
        float[][] rows =
        [
            [-2],
            [0],
            [1],
            [3],
        ];
        var head = Discriminant.Fit(rows, [0, 0, 1, 1], 2, LittleShrinkage);
        // Means -1 and 2; squared deviations 4 over 4 - 2 degrees of freedom.
        const double variance = 2;

        Assert.Equal(3 / variance, head.Weights[1][0] - head.Weights[0][0], Precision);
        Assert.Equal(1.0 / 2, Shares(head, [0.5f])[0], Precision);
        Assert.Equal(1 / (1 + Math.Exp(-3 / variance * 0.5)), Shares(head, [1])[1], Precision);
    }

    [Fact]
    public void Numbers_that_go_together_count_once()
    {
        var random = new Random(3);
        double[] targets = [.. Enumerable.Range(0, 200).Select(row => (double)(row % 2))];
        float[][] once = [.. targets.Select(target => new[] { (float)(target + random.NextDouble()) })];
        float[][] twice = [.. once.Select(row => new[] { row[0], row[0] })];
        var (one, two) = (
            Discriminant.Fit(once, targets, 2, LittleShrinkage),
            Discriminant.Fit(twice, targets, 2, LittleShrinkage)
        );

        Assert.Equal(Shares(one, [0.9f])[0], Shares(two, [0.9f, 0.9f])[0], 1e-3);
    }

    [Fact]
    public void A_class_that_is_rarer_is_less_likely_in_the_middle()
    {
        float[][] rows =
        [
            [-1],
            [-1.1f],
            [-0.9f],
            [1],
            [0.9f],
            [1.1f],
            [1],
            [0.9f],
            [1.1f],
        ];
        var head = Discriminant.Fit(rows, [0, 0, 0, 1, 1, 1, 1, 1, 1], 2, LittleShrinkage);

        // Laplace: (3 + 1) and (6 + 1) rows of 9 + 2.
        Assert.Equal(7.0 / 11, Shares(head, [0])[1], 1e-3);
    }

    [Theory]
    [InlineData(0.0, 1.0, 2.0)]
    [InlineData(0.0, 0.0, 1.0)]
    public void One_row_per_class_a_class_without_rows_and_constant_columns_give_shares_all_the_same(
        params double[] targets
    )
    {
        float[][] rows =
        [
            [1, 0],
            [2, 0],
            [3, 0],
        ];
        var shares = Shares(Discriminant.Fit(rows, targets, 3, 0.02), [2, 0]);

        Assert.All(shares, share => Assert.InRange(share, 1e-5, 1));
        Assert.Equal(1, shares.Sum(), Precision);
    }

    [Fact]
    public void Where_nothing_varies_the_shares_are_those_of_the_rows()
    {
        float[][] rows =
        [
            [0, 0],
            [0, 0],
            [0, 0],
        ];

        Assert.Equal(3.0 / 5, Shares(Discriminant.Fit(rows, [0, 0, 1], 2, 0.02), [0, 0])[0], Precision);
    }

    private static double[] Shares(LinearHead head, float[] row)
    {
        var outputs = new double[head.Biases.Length];
        head.Predict([], row, outputs);
        return outputs;
    }
}
