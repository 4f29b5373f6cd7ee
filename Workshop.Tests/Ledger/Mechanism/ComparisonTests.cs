using System.Collections.Immutable;
using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>Points, distances and sums that fade.</summary>
public sealed class ComparisonTests
{
    private static readonly Parameters Rules = Parameters.Default;

    private static readonly Gen<ImmutableArray<long>> Answers = Gen.Double[0.001, 1]
        .Array[3]
        .Select(parts => Probabilities.Normalise(parts));

    [Fact]
    public void The_distance_of_an_answer_from_a_class_is_its_Brier_score() =>
        Gen.Select(Answers, Gen.Int[0, 2])
            .Sample(
                (answer, label) =>
                {
                    var points = new Points(Network.All["iris"], 0, Rules);
                    var point = new double[3];
                    points.Write(answer, point);
                    var brier = Enumerable
                        .Range(0, 3)
                        .Sum(index => Math.Pow((answer[index] / 1e6) - (index == label ? 1 : 0), 2));

                    Assert.Equal(brier, Points.Distance(point, points.Of(label)), 12);
                }
            );

    [Theory]
    [InlineData(120_00, 1)]
    [InlineData(80_00, 1)]
    [InlineData(110_00, 0.25)]
    [InlineData(900_00, 6.25)]
    public void A_value_counts_in_fifths_of_the_median_and_no_further_than_two_and_a_half(long value, double distance)
    {
        var points = new Points(Network.All["housing"], 100_00, Rules);
        var point = new double[1];
        points.Write([value], point);

        Assert.Equal(distance, Points.Distance(point, points.Of(100_00)), 12);
    }

    [Fact]
    public void A_missing_answer_says_nothing()
    {
        var classes = new double[3];
        new Points(Network.All["iris"], 0, Rules).Write([], classes);
        var values = new Points(Network.All["housing"], 100_00, Rules);
        var (missing, other) = (new double[1], new double[1]);
        values.Write([], missing);

        Assert.All(classes, part => Assert.Equal(1.0 / 3, part));
        Assert.Equal(1, Points.Distance(missing, values.Of(130_00)));
        // With a median of nothing no value is far from another.
        var nothing = new Points(Network.All["housing"], 0, Rules);
        Assert.Equal(0, Points.Distance(nothing.Of(0), nothing.Of(130_00)));
        values.Write([], other);
        Assert.Equal(0, Points.Distance(missing, other));
    }

    [Fact]
    public void Sums_fade_as_a_dumb_twin_fades_them_row_by_row() =>
        Gen.Select(Answers.Array[2], Gen.Int[0, 2])
            .Array[1, 40]
            .Sample(rows =>
            {
                var fade = 1 - (1 / 320.0);
                var (seen, excess, distance) = (0.0, 0.0, 0.0);
                var sights = new List<RowSight>();
                foreach (var (answers, label) in rows)
                {
                    double[] points = [.. answers.SelectMany(answer => answer.Select(Units.FromMillionths))];
                    double[] pool =
                    [
                        .. Enumerable.Range(0, 3).Select(index => (points[index] + points[index + 3]) / 2),
                    ];
                    double[] majority = [.. Enumerable.Range(0, 3).Select(index => index == label ? 1.0 : 0)];
                    sights.Add(new(points, pool, majority));
                    seen = (seen * fade) + 1;
                    excess =
                        (excess * fade)
                        + Points.Distance(points.AsSpan(0, 3), majority)
                        - Points.Distance(pool, majority);
                    distance = (distance * fade) + Points.Distance(points.AsSpan(0, 3), points.AsSpan(3, 3));
                }

                // In two batches: the state between them carries all that is needed.
                var half = sights.Count / 2;
                var comparison = Comparison
                    .Empty.For(["ann", "bob"])
                    .After(sights[..half], Rules)
                    .After(sights[half..], Rules);

                Assert.Equal(excess / seen, comparison.MeanExcess(0), 10);
                Assert.Equal(distance / seen, comparison.Distance(0, 1), 10);
                Assert.Equal(comparison.Distance(0, 1), comparison.Distance(1, 0));
            });

    [Fact]
    public void A_member_that_joins_later_starts_at_nothing_and_the_others_keep_their_sums()
    {
        var before = new Comparison(["ann", "eve"], [10, 10], [1, 2], [0, 3, 3, 0]);
        var after = before.For(["ann", "bob", "eve"]);

        Assert.Equal([1, 0, 2], after.Excess);
        Assert.Equal(0.3, after.Distance(0, 2));
        Assert.Equal(0, after.Distance(0, 1));
        Assert.Equal(before.Excess, after.For(["ann", "eve"]).Excess);
    }
}
