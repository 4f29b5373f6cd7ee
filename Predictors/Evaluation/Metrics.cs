namespace Predictors.Evaluation;

/// <summary>
/// Measures of answers against the truth. Probabilities are one array per row; targets are class indexes.
/// </summary>
public static class Metrics
{
    /// <summary>Probabilities are taken as at least this in <see cref="LogLoss"/>, as scikit-learn does.</summary>
    private const double LeastProbability = 1e-15;

    /// <summary>Share of rows whose most probable class is the true one; the first of equals counts.</summary>
    public static double Accuracy(IReadOnlyList<double[]> probabilities, IReadOnlyList<double> targets) =>
        probabilities.Where((row, index) => Array.IndexOf(row, row.Max()) == (int)targets[index]).Count()
        / (double)targets.Count;

    /// <summary>Mean of -ln P(true class), in nats.</summary>
    public static double LogLoss(IReadOnlyList<double[]> probabilities, IReadOnlyList<double> targets) =>
        probabilities.Select((row, index) => -Math.Log(Math.Max(LeastProbability, row[(int)targets[index]]))).Average();

    /// <summary>
    /// Area under the ROC curve: the chance that a row of the class is given more than a row of another (ties count
    /// half). More than two classes: the mean over classes, one against the rest.
    /// </summary>
    public static double RocAuc(IReadOnlyList<double[]> probabilities, IReadOnlyList<double> targets)
    {
        var classCount = probabilities[0].Length;
        return classCount == 2 ? RocAucOf(1) : Enumerable.Range(0, classCount).Average(RocAucOf);

        double RocAucOf(int label) =>
            RankedAuc(
                [.. probabilities.Select(row => row[label])],
                [.. targets.Select(target => (int)target == label)]
            );
    }

    /// <summary>1 - sum of squared errors / sum of squared distances from the mean truth.</summary>
    public static double R2(IReadOnlyList<double> answers, IReadOnlyList<double> targets)
    {
        var mean = targets.Average();
        return 1
            - (
                answers.Zip(targets, (answer, target) => (answer - target) * (answer - target)).Sum()
                / targets.Sum(target => (target - mean) * (target - mean))
            );
    }

    /// <summary>Root of the mean squared error, in the target's unit.</summary>
    public static double Rmse(IReadOnlyList<double> answers, IReadOnlyList<double> targets) =>
        Math.Sqrt(answers.Zip(targets, (answer, target) => (answer - target) * (answer - target)).Average());

    /// <summary>
    /// Median of the absolute errors, in the target's unit; of an even count the mean of the middle two.
    /// </summary>
    public static double MedianAbsoluteError(IReadOnlyList<double> answers, IReadOnlyList<double> targets)
    {
        var errors = answers.Zip(targets, (answer, target) => Math.Abs(answer - target)).Order().ToArray();
        return (errors[(errors.Length - 1) / 2] + errors[errors.Length / 2]) / 2;
    }

    /// <summary>Share of answers that are off by at most <paramref name="tolerance"/> times the truth.</summary>
    public static double Within(IReadOnlyList<double> answers, IReadOnlyList<double> targets, double tolerance) =>
        answers
            .Zip(targets, (answer, target) => Math.Abs(answer - target) <= tolerance * target)
            .Count(within => within) / (double)targets.Count;

    /// <summary>Mann and Whitney's U by mean ranks, over the number of pairs.</summary>
    private static double RankedAuc(double[] scores, bool[] positive)
    {
        var order = Enumerable.Range(0, scores.Length).OrderBy(index => scores[index]).ToArray();
        double rankSum = 0;
        for (var start = 0; start < order.Length; )
        {
            var end = start;
            while (end < order.Length && scores[order[end]] == scores[order[start]])
            {
                end++;
            }

            var meanRank = (start + 1 + end) / 2.0;
            rankSum += meanRank * order[start..end].Count(index => positive[index]);
            start = end;
        }

        double positives = positive.Count(value => value);
        var negatives = scores.Length - positives;
        return (rankSum - (positives * (positives + 1) / 2)) / (positives * negatives);
    }
}
