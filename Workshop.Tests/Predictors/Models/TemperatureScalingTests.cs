using CsCheck;
using Predictors.Models;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

public sealed class TemperatureScalingTests
{
    private const int Rows = 1000;

    /// <summary>Half a step of the grid is 1.25 %; what the prior adds with so many rows is less.</summary>
    private const double Precision = 0.05;

    [Theory]
    [InlineData(0.7, 0.9)]
    [InlineData(0.99, 0.8)]
    [InlineData(0.8, 0.8)]
    public void Who_says_one_share_and_is_right_in_another_is_scaled_to_that(double said, double right)
    {
        var temperature = TemperatureScaling.Fit(Says(said, Rows), RightIn(right, Rows));
        double[] scaled = [said, 1 - said];
        TemperatureScaling.Apply(scaled, temperature);

        Assert.Equal(right, scaled[0], Precision);
        // In closed form: the log-odds said over those that are true.
        Assert.InRange(temperature * LogOdds(right) / LogOdds(said), 1 - Precision, 1 + Precision);
    }

    [Fact]
    public void A_few_rows_that_are_all_right_make_nobody_certain()
    {
        const int Few = 20;
        var temperature = TemperatureScaling.Fit(Says(0.9, Few), RightIn(1, Few));
        double[] scaled = [0.9, 0.1];
        TemperatureScaling.Apply(scaled, temperature);

        Assert.InRange(temperature, 0.3, 0.95);
        Assert.InRange(scaled[0], 0.9, 0.999);
    }

    [Fact]
    public void Scaled_answers_keep_their_order_and_add_to_one() =>
        Gen.Select(Gen.Double[0.001, 1].Array[3], Gen.Double[0.25, 4])
            .Sample(
                (shares, temperature) =>
                {
                    double[] scaled = [.. shares.Select(share => share / shares.Sum())];
                    var before = Order(scaled);
                    TemperatureScaling.Apply(scaled, temperature);
                    return Math.Abs(scaled.Sum() - 1) < 1e-9
                        && scaled.All(share => share > 0)
                        && (scaled.Min() < 2e-4 || Order(scaled).SequenceEqual(before));
                }
            );

    [Fact]
    public void A_temperature_of_one_leaves_every_bit()
    {
        double[] shares = [0.1, 0.2, 0.7];
        TemperatureScaling.Apply(shares, TemperatureScaling.None);

        Assert.Equal([0.1, 0.2, 0.7], shares);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("lightgbm")]
    [InlineData("neighbours")]
    public void A_member_that_knows_more_of_iris_than_it_says_is_made_surer(string learner) =>
        Assert.InRange(SharedModels.Of(learner, "iris").Temperature, 0.3, 0.9);

    [Theory]
    [InlineData("bayes", "iris")]
    [InlineData("bayes", "titanic")]
    public void One_that_says_more_than_it_knows_is_made_less_sure(string learner, string network) =>
        Assert.InRange(SharedModels.Of(learner, network).Temperature, 1.01, 2);

    [Theory]
    [InlineData("forest", "iris")]
    [InlineData("linear", "titanic")]
    [InlineData("linear", "housing")]
    public void Nobody_is_scaled_where_it_would_gain_nothing(string learner, string network) =>
        Assert.Equal(TemperatureScaling.None, SharedModels.Of(learner, network).Temperature);

    private static double[][] Says(double share, int rows) =>
        [.. Enumerable.Range(0, rows).Select(_ => (double[])[share, 1 - share])];

    private static double[] RightIn(double share, int rows) =>
        [.. Enumerable.Range(0, rows).Select(row => row < share * rows ? 0.0 : 1)];

    private static double LogOdds(double share) => Math.Log(share / (1 - share));

    private static int[] Order(double[] shares) =>
        [.. Enumerable.Range(0, shares.Length).OrderBy(index => shares[index])];
}
