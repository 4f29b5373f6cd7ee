using Predictors.Data;
using Predictors.Models;
using Predictors.Models.Learners;

namespace Predictors.Evaluation;

/// <summary>A measure with how far it may be off.</summary>
/// <param name="Value">Mean over the folds.</param>
/// <param name="StandardError">Standard deviation over the folds, over the root of their number.</param>
public sealed record Estimate(double Value, double StandardError);

/// <summary>Cross-validated measures of one network; those that do not apply are null.</summary>
/// <param name="Rows">Rows in all folds.</param>
/// <param name="Accuracy">Classes: share of rows answered right.</param>
/// <param name="LogLoss">Classes: mean -ln P(truth).</param>
/// <param name="RocAuc">Classes: area under the ROC curve (mean over classes, one against the rest).</param>
/// <param name="R2">Values: share of the variance explained.</param>
/// <param name="Rmse">Values: US dollars.</param>
/// <param name="MedianAbsoluteError">Values: US dollars.</param>
/// <param name="Within20Percent">Values: share of answers off by at most 20 % of the truth.</param>
public sealed record NetworkScore(
    int Rows,
    Estimate? Accuracy = null,
    Estimate? LogLoss = null,
    Estimate? RocAuc = null,
    Estimate? R2 = null,
    Estimate? Rmse = null,
    Estimate? MedianAbsoluteError = null,
    Estimate? Within20Percent = null
);

/// <summary>Cross-validation on fixed folds: each row is answered by a model that has not seen it.</summary>
public static class CrossValidation
{
    /// <summary>Answers further off than this share of the truth count as wrong to the consensus.</summary>
    private const double ValueTolerance = 0.20;

    /// <summary>Answers every row by the model trained on the other folds.</summary>
    /// <param name="learner">How to learn.</param>
    /// <param name="data">All rows.</param>
    /// <param name="ct">Looked at between folds.</param>
    /// <returns>Per row the probabilities, or the one value.</returns>
    public static double[][] Answers(ILearner learner, DataSet data, CancellationToken ct) =>
        Answers(data, rows => TrainedModel.Train(learner, rows), ct);

    /// <summary>Answers every row by what was made of the other folds.</summary>
    /// <param name="data">All rows.</param>
    /// <param name="train">Makes a model of rows.</param>
    /// <param name="ct">Looked at between folds.</param>
    /// <returns>Per row the probabilities, or the one value.</returns>
    internal static double[][] Answers(DataSet data, Func<DataSet, TrainedModel> train, CancellationToken ct)
    {
        var folds = Folds.Assign(data);
        var answers = new double[data.Count][];
        for (var fold = 0; fold < Folds.Count; fold++)
        {
            ct.ThrowIfCancellationRequested();
            var (training, test) = Folds.Split(folds, fold);
            var model = train(data.Take(training));
            foreach (var row in test)
            {
                answers[row] = model.Predict(data.Rows[row]);
            }
        }

        return answers;
    }

    /// <summary>Measures answers fold by fold.</summary>
    /// <param name="data">All rows with their truth.</param>
    /// <param name="answers">Per row, as <see cref="Answers(ILearner, DataSet, CancellationToken)"/> gives them.</param>
    public static NetworkScore Score(DataSet data, double[][] answers)
    {
        var folds = Folds.Assign(data);
        return data.Network.IsClassification
            ? new(
                data.Count,
                Accuracy: OverFolds(Metrics.Accuracy),
                LogLoss: OverFolds(Metrics.LogLoss),
                RocAuc: OverFolds(Metrics.RocAuc)
            )
            : new(
                data.Count,
                R2: OverFolds((rows, targets) => Metrics.R2(Values(rows), targets)),
                Rmse: OverFolds((rows, targets) => Metrics.Rmse(Values(rows), targets)),
                MedianAbsoluteError: OverFolds((rows, targets) => Metrics.MedianAbsoluteError(Values(rows), targets)),
                Within20Percent: OverFolds((rows, targets) => Metrics.Within(Values(rows), targets, ValueTolerance))
            );

        Estimate OverFolds(Func<IReadOnlyList<double[]>, IReadOnlyList<double>, double> measure) =>
            Summarise([
                .. Enumerable
                    .Range(0, Folds.Count)
                    .Select(fold => Folds.Split(folds, fold).Test)
                    .Select(test => measure([.. test.Select(row => answers[row])], data.Take(test).Targets)),
            ]);
    }

    /// <summary>Mean and standard error of the mean of independent figures.</summary>
    public static Estimate Summarise(IReadOnlyList<double> figures)
    {
        var mean = figures.Average();
        var variance = figures.Sum(figure => (figure - mean) * (figure - mean)) / (figures.Count - 1);
        return new(mean, Math.Sqrt(variance / figures.Count));
    }

    private static double[] Values(IReadOnlyList<double[]> rows) => [.. rows.Select(row => row[0])];
}
