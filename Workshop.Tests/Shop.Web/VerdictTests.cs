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
        Assert.True(
            Verdict.Of([Bought(First), Bought(Second)], [Found(Second), Found(First)], sold: 2, (10, 8)).IsKept
        );

    [Fact]
    public void An_acknowledged_order_that_is_not_there_is_lost()
    {
        var verdict = Verdict.Of([Bought(First), Bought(Second)], [Found(First)], sold: 1, (10, 9));

        Assert.Equal([Second], verdict.Lost);
        Assert.False(verdict.IsKept);
    }

    [Fact]
    public void An_order_found_twice_is_duplicated()
    {
        var verdict = Verdict.Of([Bought(First)], [Found(First), Found(First)], sold: 2, (10, 8));

        Assert.Equal([First], verdict.Duplicated);
        Assert.Empty(verdict.Unexpected);
        Assert.False(verdict.IsKept);
    }

    [Fact]
    public void An_order_that_no_purchase_can_have_made_is_unexpected()
    {
        var verdict = Verdict.Of([Bought(First)], [Found(First), Found(Second)], sold: 2, (10, 8));

        Assert.Equal([Second], verdict.Unexpected);
        Assert.Empty(verdict.Duplicated);
        Assert.False(verdict.IsKept);
    }

    [Fact]
    public void An_order_of_a_buyer_without_an_answer_is_recovered_which_is_allowed()
    {
        var verdict = Verdict.Of([Bought(First), Unanswered("user")], [Found(First), Found(Second)], sold: 2, (10, 8));

        Assert.Equal([Second], verdict.Recovered);
        Assert.Empty(verdict.Unexpected);
        Assert.Equal(1, verdict.Unresolved);
        Assert.True(verdict.IsKept);
    }

    [Fact]
    public void Somebody_elses_missing_answer_explains_nothing()
    {
        var verdict = Verdict.Of([Unanswered("other")], [Found(First)], sold: 1, (10, 9));

        Assert.Equal([First], verdict.Unexpected);
    }

    [Fact]
    public void One_missing_answer_explains_one_order()
    {
        var verdict = Verdict.Of([Unanswered("user")], [Found(First), Found(Second)], sold: 2, (10, 8));

        Assert.Equal([First], verdict.Recovered);
        Assert.Equal([Second], verdict.Unexpected);
    }

    [Fact]
    public void Stock_that_does_not_add_up_is_not_kept() =>
        Assert.False(Verdict.Of([Bought(First)], [Found(First)], sold: 1, (10, 8)).IsKept);

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 4)]
    [InlineData(0, 1)]
    public void A_quantile_is_one_of_the_values(double share, double expected) =>
        Assert.Equal(expected, Measurement.Quantile([1, 2, 3, 4], share));

    [Fact]
    public void A_pause_begins_with_the_first_buyer_who_waits_and_not_with_the_first_confirmation()
    {
        Purchase[] journal = [At(0, 5000), At(100, 5000), At(6000, 50), At(9000, 1, Outcome.Unknown)];

        Assert.Equal(5000, GapOf(journal));
        Assert.Equal(3000, GapOf([At(0, 10), At(3010, 1, Outcome.Unknown)]));
    }

    [Fact]
    public void Where_nothing_was_acknowledged_nothing_is_measured()
    {
        Assert.Null(Measured([]));
        Assert.Null(Measured([At(0, 30_000, Outcome.Unknown), At(100, 5, Outcome.Refused)]));
    }

    private static double? GapOf(Purchase[] journal) => Measured(journal)?.LongestGapMilliseconds;

    private static Measurement? Measured(Purchase[] journal) =>
        Measurement.Of(
            default,
            "basic",
            new(1, 1, new([])),
            "none",
            journal,
            Verdict.Of(journal, [], sold: 0, stock: null),
            failovers: []
        );

    private static Purchase At(double start, double latency, Outcome outcome = Outcome.Acknowledged) =>
        new("key", "user", start, latency, outcome, Guid.NewGuid(), Reason: null);

    private static FoundOrder Found(Guid order) => new(order, "user");

    private static Purchase Unanswered(string user) =>
        new("key", user, 0, 1, Outcome.Unknown, OrderId: null, "silence");

    private static Purchase Bought(Guid order) => new("key", "user", 0, 1, Outcome.Acknowledged, order, Reason: null);
}
