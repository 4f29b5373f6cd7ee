using Shop.Web.Redundancy.Buyers;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>The checker's judgement, on histories where the right answer is known.</summary>
public sealed class VerdictTests
{
    private static readonly Guid First = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Second = Guid.Parse("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void All_found_once_and_stock_that_adds_up_is_a_word_kept() =>
        Assert.True(Verdict.Of([Bought(First), Bought(Second)], [Second, First], sold: 2, (10, 8)).IsKept);

    [Fact]
    public void An_acknowledged_order_that_is_not_there_is_lost()
    {
        var verdict = Verdict.Of([Bought(First), Bought(Second)], [First], sold: 1, (10, 9));

        Assert.Equal([Second], verdict.Lost);
        Assert.False(verdict.IsKept);
    }

    [Fact]
    public void An_order_found_twice_or_never_acknowledged_is_doubled()
    {
        Assert.Equal([First], Verdict.Of([Bought(First)], [First, First], sold: 2, (10, 8)).Doubled);
        Assert.Equal([Second], Verdict.Of([Bought(First)], [First, Second], sold: 2, (10, 8)).Doubled);
    }

    [Fact]
    public void A_purchase_without_a_last_word_is_not_kept() =>
        Assert.False(
            Verdict.Of([Bought(First) with { Outcome = Outcome.Unknown, OrderId = null }], [], 0, (10, 10)).IsKept
        );

    [Fact]
    public void Stock_that_does_not_add_up_is_not_kept() =>
        Assert.False(Verdict.Of([Bought(First)], [First], sold: 1, (10, 8)).IsKept);

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 4)]
    [InlineData(0, 1)]
    public void A_quantile_is_one_of_the_values(double share, double expected) =>
        Assert.Equal(expected, Measurement.Quantile([1, 2, 3, 4], share));

    private static Purchase Bought(Guid order) => new("key", "user", 0, 1, Outcome.Acknowledged, order, Reason: null);
}
