using LaboratoryBench.Chaos;
using Xunit;

namespace Workshop.Tests.Chaos;

public sealed class GapsTests
{
    [Theory]
    [InlineData(new[] { 0, 100, 200, 900, 1000 }, 250, 700)]
    // The purchase on the way when the fault was done was acknowledged before it took effect.
    [InlineData(new[] { 0, 100, 260, 900, 1000 }, 250, 640)]
    [InlineData(new[] { 0, 5000, 5100, 5200 }, 5050, 100)]
    // What happens long after is no effect of the fault.
    [InlineData(new[] { 0, 100, 11_000, 99_000 }, 50, 10_900)]
    public void The_longest_silence_after_a_fault_is_its_gap(int[] acknowledged, int faultAt, int gap) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(gap),
            Gaps.After(
                [.. acknowledged.Select(at => TimeSpan.FromMilliseconds(at))],
                TimeSpan.FromMilliseconds(faultAt)
            )
        );

    [Theory]
    [InlineData(new[] { 0, 100, 300, 400, 950, 1000 }, 150, 500, 200)]
    // Nobody bought between the two faults: it is the silence of both.
    [InlineData(new[] { 0, 100, 950, 1000 }, 150, 500, 850)]
    [InlineData(new[] { 0, 100, 300, 400, 950, 1000 }, 500, 2000, 550)]
    public void The_silence_of_the_next_fault_is_not_this_ones(int[] acknowledged, int faultAt, int nextAt, int gap) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(gap),
            Gaps.After(
                [.. acknowledged.Select(at => TimeSpan.FromMilliseconds(at))],
                TimeSpan.FromMilliseconds(faultAt),
                TimeSpan.FromMilliseconds(nextAt)
            )
        );

    [Fact]
    public void Where_nothing_is_bought_any_more_there_is_no_gap_but_an_outage() =>
        Assert.Null(Gaps.After([TimeSpan.Zero, TimeSpan.FromSeconds(1)], TimeSpan.FromSeconds(2)));

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 4)]
    [InlineData(0, 1)]
    public void Quantiles_are_values_that_were_measured(double quantile, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            Gaps.Quantile([.. Enumerable.Range(1, 4).Reverse().Select(value => TimeSpan.FromSeconds(value))], quantile)
        );
}
