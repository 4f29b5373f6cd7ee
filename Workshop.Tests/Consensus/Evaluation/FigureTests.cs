using Consensus.Evaluation;
using Xunit;

namespace Workshop.Tests.Consensus.Evaluation;

/// <summary>Figures of so few rows that there are none.</summary>
public sealed class FigureTests
{
    private static readonly double[] Values = [100, 210];

    private static readonly double[] Truths = [110, 200];

    [Fact]
    public void One_row_has_an_error_and_no_r2()
    {
        Assert.Null(Figure.Of(1, rows => Metrics.R2(Values, Truths, rows)));
        Assert.Equal(new(10, 0), Figure.Of(1, rows => Metrics.Rmse(Values, Truths, rows)));
    }

    [Fact]
    public void Two_rows_have_both() => Assert.NotNull(Figure.Of(2, rows => Metrics.R2(Values, Truths, rows)));
}
