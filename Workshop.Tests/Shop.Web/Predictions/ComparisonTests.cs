using Shop.Web.Predictions;
using Shop.Web.Predictions.Laboratory;
using Xunit;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>Intervals against published figures, and members beside average and consensus.</summary>
public sealed class ComparisonTests
{
    private static readonly EvaluationMetric Accuracy = EvaluationMetric.All[0];

    [Theory]
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29, by the score method.
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void An_interval_of_a_share_is_the_published_one(int right, int rows, double low, double high)
    {
        var interval = Interval.OfShare(right / (double)rows, rows);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void All_of_a_few_rows_right_is_no_certainty()
    {
        Assert.Equal("13 of 13: 100.0 % (77.2 to 100.0)", Accuracy.Words(Reached("ann", 1)));
        Assert.Equal("no answer", Accuracy.Words(new("ann", 0, null, null, null, null, null)));
    }

    [Fact]
    public void Without_attackers_the_others_are_shown_once_more()
    {
        var network = new NetworkEvaluation(
            13,
            [Reached("predictor-bayes", 0.9), Reached("liar", 0.1), Reached("ann", 0.8)],
            Reached("average", 0.7),
            Reached("consensus", 0.85),
            new(["liar"], Reached("average", 0.88), Reached("consensus", 0.92))
        );

        var comparison = Comparison.Of(network, ["liar"]);

        Assert.Equal(
            [
                ("liar", DotKind.Attacker),
                ("predictor-bayes", DotKind.Member),
                ("ann (theirs)", DotKind.Member),
                ("Average without attackers", DotKind.Without),
                ("Consensus without attackers", DotKind.Without),
                ("Plain average of all", DotKind.Many),
                ("Consensus, weighted", DotKind.Many),
            ],
            comparison.Dots(Accuracy).Select(dot => (dot.Name, dot.Kind))
        );
        Assert.Equal(
            "With liar, the plain average reaches 70.0 %, the consensus 85.0 %. Without: 88.0 % and 92.0 %.",
            Comparison.Headline(network, Accuracy)
        );
        Assert.StartsWith(
            "No attacker answers here",
            Comparison.Headline(network with { Without = null }, Accuracy),
            StringComparison.Ordinal
        );
        var stopped = network with { Members = [Reached("ann", 0.8), new("liar", 0, null, null, null, null, null)] };
        Assert.DoesNotContain(Comparison.Of(stopped, ["liar"]).Rows, row => row.Kind is DotKind.Without);
    }

    private static Evaluated Reached(string name, double share) => new(name, 13, new(share, 0), null, null, null, null);
}
