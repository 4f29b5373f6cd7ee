using System.Diagnostics;
using System.Globalization;
using Predictors.Data;
using Predictors.Models.Learners;

namespace Predictors.Evaluation;

/// <summary>
/// <c>dotnet run --project Predictors -- evaluate [learner ...]</c>: every learner and their plain average.
/// </summary>
internal static class EvaluateCommand
{
    internal const string Name = "evaluate";

    private const string Ensemble = "(average)";

    /// <summary>Prints a table per network, in Markdown.</summary>
    /// <param name="names">Learners; all when empty.</param>
    /// <param name="output">Where to.</param>
    /// <param name="ct">Ends the command between folds.</param>
    /// <returns>The exit code: 2 for a learner that is unknown, or that this machine cannot run.</returns>
    internal static int Run(IReadOnlyList<string> names, TextWriter output, CancellationToken ct)
    {
        if (names.FirstOrDefault(name => LearnerCatalogue.Find(name) is null) is { } unknown)
        {
            output.WriteLine($"There is no learner {unknown}. Learners: {LearnerCatalogue.Names}.");
            return 2;
        }

        ILearner[] learners =
        [
            .. LearnerCatalogue.All.Where(learner =>
                names.Count == 0 || names.Contains(learner.Name, StringComparer.Ordinal)
            ),
        ];
        if (learners.Select(learner => learner.Lack).FirstOrDefault(lack => lack is not null) is { } missing)
        {
            output.WriteLine(missing);
            return 2;
        }

        foreach (var network in Networks.All)
        {
            Evaluate(network, learners, output, ct);
        }

        return 0;
    }

    private static void Evaluate(Network network, ILearner[] learners, TextWriter output, CancellationToken ct)
    {
        var data = DataSet.Load(network);
        output.WriteLine($"\n### {network.Name}: {data.Count} rows, {Folds.Count} folds\n");
        output.WriteLine(
            network.IsClassification
                ? "| learner | accuracy | log-loss | ROC AUC | seconds |\n| --- | --- | --- | --- | --- |"
                : "| learner | R2 | RMSE, $ | median error, $ | within 20 % | seconds |\n| --- | --- | --- | --- | --- | --- |"
        );
        var all = new List<double[][]>();
        foreach (var learner in learners)
        {
            var started = Stopwatch.GetTimestamp();
            var answers = CrossValidation.Answers(learner, data, ct);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            all.Add(answers);
            output.WriteLine(Line(learner.Name, CrossValidation.Score(data, answers), seconds));
        }

        double[][] average = [.. Enumerable.Range(0, data.Count).Select(row => Mean([.. all.Select(one => one[row])]))];
        output.WriteLine(Line(Ensemble, CrossValidation.Score(data, average), 0));
    }

    /// <summary>The plain average of several answers to one row.</summary>
    private static double[] Mean(double[][] answers) =>
        [.. answers[0].Select((_, index) => answers.Average(answer => answer[index]))];

    private static string Line(string name, NetworkScore score, double seconds)
    {
        string[] cells = score.Accuracy is not null
            ? [Cell(score.Accuracy, "F3"), Cell(score.LogLoss, "F3"), Cell(score.RocAuc, "F3")]
            :
            [
                Cell(score.R2, "F3"),
                Cell(score.Rmse, "F0"),
                Cell(score.MedianAbsoluteError, "F0"),
                Cell(score.Within20Percent, "F3"),
            ];
        return $"| {name} | {string.Join(" | ", cells)} | {seconds.ToString("F1", CultureInfo.InvariantCulture)} |";
    }

    private static string Cell(Estimate? estimate, string format) =>
        estimate is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{estimate.Value.ToString(format, CultureInfo.InvariantCulture)} ± {estimate.StandardError.ToString(format, CultureInfo.InvariantCulture)}"
            );
}
