using CsCheck;
using Predictors.Models;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

public sealed class SplineTests
{
    private const double Precision = 1e-12;

    [Theory]
    [InlineData(-0.5, 0)]
    [InlineData(0, 0)]
    [InlineData(0.5, 1.0 / 48)]
    [InlineData(1, 1.0 / 6)]
    [InlineData(2, 2.0 / 3)]
    [InlineData(3, 1.0 / 6)]
    [InlineData(4, 0)]
    [InlineData(9, 0)]
    public void A_bump_over_even_knots_has_its_known_heights(double value, double height) =>
        Assert.Equal(height, Spline.Height([0, 1, 2, 3, 4], value), Precision);

    [Fact]
    public void Over_its_range_the_bumps_add_to_one() =>
        Gen.Double[0, 100]
            .Array[30, 200]
            .Sample(
                values =>
                {
                    double[] sorted = [.. values.Order()];
                    var bumps = Spline.Over(sorted, 6).ToArray();
                    return bumps.Length is 0 or > 4
                        && Enumerable
                            .Range(0, 21)
                            .Select(step => sorted[0] + ((sorted[^1] - sorted[0]) * step / 20))
                            .All(value =>
                                bumps.Length == 0
                                || Math.Abs(bumps.Sum(knots => Spline.Height(knots, value)) - 1) < 1e-9
                            );
                },
                iter: 200
            );

    [Fact]
    public void Equal_knots_count_once()
    {
        double[] mostlyNothing =
        [
            .. Enumerable.Repeat(0.0, 90),
            .. Enumerable.Range(1, 30).Select(value => (double)value),
        ];
        var bumps = Spline.Over(mostlyNothing, 9).ToArray();

        Assert.NotEmpty(bumps);
        Assert.All(bumps, knots => Assert.Equal(Spline.KnotsOfOne, knots.Distinct().Count()));
    }

    [Theory]
    [InlineData(7.0, 7.0, 7.0, 7.0)]
    [InlineData(0.0, 0.0, 1.0, 1.0)]
    public void A_number_with_fewer_than_three_knots_has_no_spline(params double[] values) =>
        Assert.Empty(Spline.Over(values, 5));
}
