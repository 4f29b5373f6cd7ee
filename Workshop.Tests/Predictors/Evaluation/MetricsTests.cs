using CsCheck;
using Predictors.Evaluation;
using Xunit;

namespace Workshop.Tests.Predictors.Evaluation;

/// <summary>Measures against values worked out by hand.</summary>
public sealed class MetricsTests
{
    private const double Precision = 1e-12;

    [Fact]
    public void Accuracy_is_the_share_of_rows_answered_right() =>
        Assert.Equal(
            2.0 / 3,
            Metrics.Accuracy(
                [
                    [0.9, 0.1],
                    [0.4, 0.6],
                    [0.5, 0.5],
                ],
                [0, 1, 1]
            ),
            Precision
        );

    [Fact]
    public void Log_loss_is_the_mean_of_minus_ln_of_the_truths_probability() =>
        Assert.Equal(
            (-Math.Log(0.8) - Math.Log(0.25)) / 2,
            Metrics.LogLoss(
                [
                    [0.8, 0.2],
                    [0.75, 0.25],
                ],
                [0, 1]
            ),
            Precision
        );

    [Fact]
    public void Log_loss_of_a_certain_error_is_finite() =>
        Assert.Equal(
            -Math.Log(1e-15),
            Metrics.LogLoss(
                [
                    [1, 0],
                ],
                [1]
            ),
            Precision
        );

    [Fact]
    public void Roc_auc_counts_pairs_in_order_and_half_of_ties() =>
        // Positives 0.8 and 0.4, negatives 0.4 and 0.1: of four pairs three are in order and one is tied.
        Assert.Equal(
            3.5 / 4,
            Metrics.RocAuc(
                [
                    [0.2, 0.8],
                    [0.6, 0.4],
                    [0.6, 0.4],
                    [0.9, 0.1],
                ],
                [1, 1, 0, 0]
            ),
            Precision
        );

    [Fact]
    public void Roc_auc_of_three_classes_is_the_mean_against_the_rest() =>
        // Classes 0 and 1 are told apart from the rest (1); class 2 scores 0.2, 0.3 | 0.5: 1 as well; swap one: 0.5.
        Assert.Equal(
            (1 + 1 + 0.5) / 3,
            Metrics.RocAuc(
                [
                    [0.8, 0.0, 0.2],
                    [0.0, 0.5, 0.5],
                    [0.3, 0.3, 0.4],
                ],
                [0, 1, 2]
            ),
            Precision
        );

    [Fact]
    public void Roc_auc_equals_the_count_over_all_pairs() =>
        Gen.Select(Gen.Int[0, 5].Array[12], Gen.Bool.Array[12])
            .Where(sample => sample.Item2.Contains(true) && sample.Item2.Contains(false))
            .Sample(sample =>
            {
                var (scores, positive) = sample;
                var pairs = (
                    from one in Enumerable.Range(0, 12).Where(index => positive[index])
                    from other in Enumerable.Range(0, 12).Where(index => !positive[index])
                    select scores[one] > scores[other] ? 1
                    : scores[one] == scores[other] ? 0.5
                    : 0
                ).Average();
                double[][] rows = [.. scores.Select(score => new[] { 1 - (score / 5.0), score / 5.0 })];
                var auc = Metrics.RocAuc(rows, [.. positive.Select(is1 => is1 ? 1.0 : 0)]);
                return Math.Abs(auc - pairs) < Precision;
            });

    [Fact]
    public void Errors_of_values_are_those_worked_out_by_hand()
    {
        double[] answers = [110, 180, 330];
        double[] truth = [100, 200, 300];

        Assert.Equal(1 - (1400.0 / 20000), Metrics.R2(answers, truth), Precision);
        Assert.Equal(Math.Sqrt(1400.0 / 3), Metrics.Rmse(answers, truth), Precision);
        Assert.Equal(20, Metrics.MedianAbsoluteError(answers, truth), Precision);
        Assert.Equal(15, Metrics.MedianAbsoluteError(answers[..2], truth[..2]), Precision);
        Assert.Equal(1, Metrics.Within(answers, truth, 0.10), Precision);
        Assert.Equal(0, Metrics.Within(answers, truth, 0.09), Precision);
    }

    [Fact]
    public void A_standard_error_is_the_deviation_over_the_root_of_the_count()
    {
        var estimate = CrossValidation.Summarise([1, 2, 3, 4]);

        Assert.Equal(2.5, estimate.Value, Precision);
        Assert.Equal(Math.Sqrt(5.0 / 3) / 2, estimate.StandardError, Precision);
    }

    [Fact]
    public void The_latency_window_forgets_all_but_the_latest_answers()
    {
        var window = new LatencyWindow();
        Assert.Throws<InvalidOperationException>(() => window.Summarise("requests"));
        for (var answer = 0; answer < LatencyWindow.Size + 5; answer++)
        {
            window.Add(System.Diagnostics.Stopwatch.GetTimestamp());
        }

        var latency = window.Summarise("requests");
        Assert.Equal(LatencyWindow.Size, latency.Samples);
        Assert.True(latency.P50Milliseconds <= latency.P99Milliseconds);
    }
}
