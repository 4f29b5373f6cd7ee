using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>Each formula of the contract, by itself.</summary>
public sealed class FormulaTests
{
    private static readonly Parameters Rules = Parameters.Default;

    [Fact]
    public void The_natural_logarithm_is_that_of_the_library_to_fifteen_digits() =>
        Gen.Double[1e-9, 1e9]
            .Sample(x => Assert.Equal(Math.Log(x), NaturalLogarithm.Of(x), 1e-14 * Math.Max(1, Math.Abs(Math.Log(x)))));

    [Fact]
    public void An_estimate_stays_between_zero_and_its_maximum_and_moves_towards_the_agreement() =>
        Gen.Select(Gen.Double[0, 0.95], Gen.Double[0, 1])
            .Sample(
                (estimate, agreement) =>
                {
                    var next = AccuracyEstimate.Update(estimate, agreement, Rules);

                    Assert.InRange(next, 0, Rules.EstimateMaximum);
                    Assert.Equal(Math.Min(0.95, (0.8 * estimate) + (0.2 * agreement)), next, 12);
                }
            );

    [Fact]
    public void The_exponential_is_that_of_the_library_to_fourteen_digits() =>
        Gen.Double[-60, 0].Sample(x => Assert.Equal(1, Exponential.Of(x) / Math.Exp(x), 1e-14));

    [Fact]
    public void Quality_is_full_at_no_excess_half_at_the_halving_excess_and_never_rises_with_it() =>
        Gen.Select(Gen.Double[-1, 2], Gen.Double[-1, 2])
            .Sample(
                (a, b) =>
                {
                    Assert.True(Quality.Of(Math.Max(a, b), Rules) <= Quality.Of(Math.Min(a, b), Rules));
                    Assert.InRange(Quality.Of(a, Rules), 1e-4, 1);
                    Assert.Equal(1, Quality.Of(-Math.Abs(a), Rules));
                    Assert.Equal(0.5, Quality.Of(Rules.HalvingExcess, Rules), 12);
                }
            );

    [Fact]
    public void A_slash_doubles_with_every_level_and_never_takes_more_than_the_stake() =>
        Gen.Select(Gen.Long[0, 10_000_000], Gen.Int[0, 70], Gen.Double[0, 1], Gen.Int[1, 100])
            .Sample(
                (stake, level, share, members) =>
                {
                    var amount = Slashing.Amount(stake, level, share, members, Rules);
                    var fraction = Math.Min(
                        1,
                        (0.05 * Math.Pow(2, level)) + (3 * Math.Max(0, share - (1.0 / members)))
                    );

                    Assert.InRange(amount, 0, stake);
                    Assert.InRange(
                        amount,
                        (stake * fraction) - (stake * 1e-6) - 1,
                        (stake * fraction) + (stake * 1e-6)
                    );
                }
            );

    [Theory]
    [InlineData(1, 50_00)]
    [InlineData(2, 200_00)]
    [InlineData(5, 650_00)]
    [InlineData(9, 1000_00)]
    public void Slashed_together_slashed_harder(int together, long expected) =>
        Assert.Equal(expected, Slashing.Amount(1000_00, 0, together / 20.0, 20, Rules));

    [Theory]
    [InlineData(0, 0, 5, 5)]
    [InlineData(3, 0, 5, 1)]
    [InlineData(3, 1, 5, 0)]
    [InlineData(24, 1, 5, 2)]
    [InlineData(24, 9, 5, 0)]
    public void Founders_enter_together_and_others_one_in_eight(
        int admitted,
        int within,
        int candidates,
        int expected
    ) => Assert.Equal(expected, Admission.Count(admitted, within, candidates, Rules));

    [Fact]
    public void Absence_is_over_half_of_the_last_twenty_batches() =>
        Gen
            .Bool.Array[0, 60]
            .Sample(missed =>
            {
                var window = missed.Aggregate(0u, (misses, miss) => Absence.Shift(misses, miss, Rules));

                Assert.Equal(missed.TakeLast(20).Count(miss => miss) > 10, Absence.IsTooMuch(window, Rules));
            });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(32, 3)]
    [InlineData(1000, 100)]
    public void A_tenth_of_the_rows_is_gold_but_at_least_one(int rows, int expected) =>
        Assert.Equal(expected, Gold.CountOf(rows, Rules));

    [Fact]
    public void A_value_is_a_loss_when_off_by_more_than_a_fifth_of_the_truth()
    {
        var housing = Network.All["housing"];

        Assert.False(Gold.IsLoss(housing, [120_00], 100_00, Rules));
        Assert.False(Gold.IsLoss(housing, [80_00], 100_00, Rules));
        Assert.True(Gold.IsLoss(housing, [120_01], 100_00, Rules));
        Assert.True(Gold.IsLoss(housing, [79_99], 100_00, Rules));
    }

    [Fact]
    public void An_exponential_too_small_to_matter_is_nothing()
    {
        Assert.Equal(0, Exponential.Of(-701));
        Assert.True(Exponential.Of(-700) > 0);
    }

    [Fact]
    public void Amounts_are_whole_cents_and_back()
    {
        Assert.Equal(12_34, Units.ToCents(12.34));
        Assert.Equal(12.34, Units.FromCents(12_34));
    }

    [Fact]
    public void A_weighted_median_is_the_middle_of_the_influence_in_whatever_order_it_comes()
    {
        Assert.Equal(2, RobustCentre.WeightedMedian([3, 1], [1, 1]));
        Assert.Equal(3, RobustCentre.WeightedMedian([1, 3], [1, 2]));
        Assert.Equal(1, RobustCentre.WeightedMedian([1, 3], [2, 1]));
        Assert.Equal(5, RobustCentre.WeightedMedian([5], [1]));
        double[] values = [2, 2, 2, 9];
        double[] influences = [0.3, 0.1, 0.2, 0.7];

        RobustCentre.WeightedMedian(values, influences);

        Assert.Equal([0.1, 0.2, 0.3, 0.7], influences);
    }

    [Fact]
    public void The_band_of_agreement_is_closed_and_no_narrower_than_a_tenth_of_the_median()
    {
        var rules = Parameters.Default;
        var (narrow, wide) = (new RobustCentre(1000, 1), new RobustCentre(1000, 50));

        Assert.Equal((100, 150), (narrow.Reach(rules), wide.Reach(rules)));
        Assert.True(narrow.Accepts(1100, rules) && narrow.Accepts(900, rules));
        Assert.False(narrow.Accepts(1101, rules) || narrow.Accepts(899, rules));
    }

    [Fact]
    public void Two_answers_differ_by_more_than_a_thousandth_of_the_larger_or_of_certainty()
    {
        var rules = Parameters.Default;
        bool Differ(string network, long first, long second) =>
            network is "housing"
                ? Equivocation.Is(Network.All[network], [first], [second], rules)
                : Equivocation.Is(Network.All[network], [first, 0, 0], [second, 0, 0], rules);

        Assert.False(Differ("housing", 20_000_000, 19_980_000));
        Assert.False(Differ("housing", 19_980_000, 20_000_000));
        Assert.True(Differ("housing", 20_000_000, 19_979_999));
        Assert.False(Differ("iris", 500_000, 501_000));
        Assert.True(Differ("iris", 500_000, 501_001));
    }
}
