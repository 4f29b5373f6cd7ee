using System.Collections.Immutable;
using System.Text.Json;
using LaboratoryBench.Attacks;
using Predictors.Data;
using Predictors.Evaluation;
using Predictors.Models;
using Predictors.Models.Learners;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Mechanics = Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Peers;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- peers folder</c>: our half of <c>bench/peers/run.sh</c>. Writes every network's
/// rows with their folds (those of <c>Predictors -- evaluate</c>), and how well the six members, their plain average and the
/// weighted consensus answer each fold.
/// </summary>
internal static class PeersCommand
{
    internal const string Command = "peers";

    /// <summary>Batches that settle the weights.</summary>
    private const int Batches = 60;

    /// <summary>Seed of the order in which training rows are asked.</summary>
    private const int Seed = 5003;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    internal static Task<int> Run(string[] args) => Task.Run(() => Write(args is [var folder] ? folder : "."));

    private static int Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var scores = new Dictionary<string, Dictionary<string, Dictionary<string, double[]>>>(StringComparer.Ordinal);
        foreach (var network in Networks.All)
        {
            var data = DataSet.Load(network);
            var folds = Folds.Assign(data);
            WriteRows(Path.Combine(folder, network.Name + ".json"), data, folds);
            scores[network.Name] = ByContender([
                .. ParallelEnumerable
                    .Range(0, Folds.Count)
                    .AsOrdered()
                    .WithDegreeOfParallelism(Math.Min(Folds.Count, Environment.ProcessorCount))
                    .Select(fold => Judge(data, folds, fold)),
            ]);
        }

        File.WriteAllText(Path.Combine(folder, "ours.json"), JsonSerializer.Serialize(scores, Json));
        return 0;
    }

    /// <summary>Columns with what they hold, and rows: cells as in the file (empty for a missing one), target, fold.</summary>
    private static void WriteRows(string path, DataSet data, int[] folds) =>
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    target = data.Network.Target,
                    isClassification = data.Network.IsClassification,
                    columns = data.Network.Columns.Select(column => new { column.Name, IsWord = column.HasLevels }),
                    rows = data.Rows.Select(row => data.Network.Columns.Select((column, at) => Cell(column, row[at]))),
                    targets = data.Targets,
                    folds,
                },
                Json
            )
        );

    private static string Cell(Column column, double value) => double.IsNaN(value) ? "" : column.Write(value);

    /// <summary>
    /// One fold: who answers its rows how well. Weights are settled by rows of the other folds, each answered by models that
    /// had not seen it, as a stacking's final learner gets its rows.
    /// </summary>
    private static Dictionary<string, Dictionary<string, double>> Judge(DataSet data, int[] folds, int fold)
    {
        var (training, test) = Folds.Split(folds, fold);
        new Random(Seed + fold).Shuffle(training);
        var (seen, asked) = (data.Take(training), data.Take(test));
        var learners = LearnerCatalogue.All;
        var answers = learners.ToDictionary(
            learner => learner.Name,
            learner =>
            {
                var model = TrainedModel.Train(learner, seen);
                return asked.Rows.Select(model.Predict).ToArray();
            },
            StringComparer.Ordinal
        );
        var shape = Mechanics.Network.All[data.Network.Name];
        var electorate = Settle(shape, seen, learners);
        var names = electorate.Names.ToArray();
        answers["(average)"] =
        [
            .. Enumerable
                .Range(0, asked.Count)
                .Select(row => Mean([.. learners.Select(one => answers[one.Name][row])])),
        ];
        answers["(consensus)"] =
        [
            .. Enumerable
                .Range(0, asked.Count)
                .Select(row =>
                    names
                        .Select(
                            (name, member) => (name, TrainedCrowd.Answer(shape, answers[learners[member].Name][row]))
                        )
                        .ToDictionary(StringComparer.Ordinal)
                )
                .Select(row =>
                    TrainedCrowd.Output(shape, Aggregate.Of(shape, electorate.Tally(row), Parameters.Default))
                ),
        ];
        return answers.ToDictionary(pair => pair.Key, pair => Measure(asked, pair.Value), StringComparer.Ordinal);
    }

    /// <summary>The members with their weights, once batches of training rows are settled.</summary>
    private static Electorate Settle(Mechanics.Network shape, DataSet seen, ImmutableArray<ILearner> learners)
    {
        double[][][] answers =
        [
            .. learners.Select(learner => CrossValidation.Answers(learner, seen, CancellationToken.None)),
        ];
        var crowd = TrainedCrowd.Of(shape, answers, seen.Targets);
        return Electorate.Of(new Simulation(crowd, Batches, Parameters.Default).Run(null, 0).Final, shape.Name);
    }

    private static double[] Mean(double[][] answers) =>
        [.. answers[0].Select((_, index) => answers.Average(answer => answer[index]))];

    private static Dictionary<string, double> Measure(DataSet asked, double[][] answers) =>
        asked.Network.IsClassification
            ? new(StringComparer.Ordinal)
            {
                ["accuracy"] = Metrics.Accuracy(answers, asked.Targets),
                ["log-loss"] = Metrics.LogLoss(answers, asked.Targets),
            }
            : new(StringComparer.Ordinal)
            {
                ["RMSE"] = Metrics.Rmse([.. answers.Select(answer => answer[0])], asked.Targets),
            };

    /// <summary>Contender, measure, and its figure on each fold.</summary>
    private static Dictionary<string, Dictionary<string, double[]>> ByContender(
        Dictionary<string, Dictionary<string, double>>[] folds
    ) =>
        folds[0]
            .ToDictionary(
                contender => contender.Key,
                contender =>
                    contender.Value.Keys.ToDictionary(
                        measure => measure,
                        measure => folds.Select(fold => fold[contender.Key][measure]).ToArray(),
                        StringComparer.Ordinal
                    ),
                StringComparer.Ordinal
            );
}
