using System.Collections.Immutable;
using Predictors.Data;
using Predictors.Models;
using Predictors.Models.Learners;
using Workshop.Ledger.Mechanism;
using Mechanics = Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Attacks;

/// <summary>
/// Real answers of many real models to rows that none of them was trained on: half of a network's rows is for
/// training, of which each member sees its own sample; the other half is asked.
/// </summary>
/// <param name="Network">As the mechanism knows it.</param>
/// <param name="Answers">Per member, per row.</param>
/// <param name="Truths">Per row the class, or the value in cents.</param>
/// <param name="Declared">Per member its accuracy on training rows that it did not see: its own evaluation.</param>
internal sealed record TrainedCrowd(
    Mechanics.Network Network,
    ImmutableArray<ImmutableArray<ImmutableArray<long>>> Answers,
    ImmutableArray<long> Truths,
    ImmutableArray<double> Declared
)
{
    private const int Seed = 7;

    /// <summary>
    /// One row in so many is gold. Gold rows judge members and nothing else: a mechanism that learns from them must not
    /// be judged by them.
    /// </summary>
    private const int RowsPerGoldRow = 5;

    /// <summary>Rows that are gold: the first ones, as many as a tenth of all data.</summary>
    internal int GoldRows => Truths.Length / RowsPerGoldRow;

    /// <summary>Share of the training half that one member sees.</summary>
    private const double Sample = 0.7;

    private const double CentsPerUnit = 100;

    /// <summary>Trains a crowd.</summary>
    /// <param name="network">Which network.</param>
    /// <param name="members">How many members; the learners take turns.</param>
    /// <param name="learners">Which learners.</param>
    /// <param name="seed">Decides which half is for training, and who sees what of it.</param>
    internal static TrainedCrowd Train(string network, int members, IReadOnlyList<ILearner> learners, int seed = Seed)
    {
        var data = DataSet.Load(Networks.Find(network)!);
        var shape = Mechanics.Network.All[network];
        var random = new Random(seed);
        var order = Enumerable.Range(0, data.Count).ToArray();
        random.Shuffle(order);
        var training = order[..(data.Count / 2)];
        var asked = order[(data.Count / 2)..];
        var answers = ImmutableArray.CreateBuilder<ImmutableArray<ImmutableArray<long>>>();
        var declared = ImmutableArray.CreateBuilder<double>();
        for (var member = 0; member < members; member++)
        {
            random.Shuffle(training);
            var seen = (int)(training.Length * Sample);
            var model = TrainedModel.Train(learners[member % learners.Count], data.Take(training[..seen]));
            answers.Add([.. asked.Select(row => Answer(shape, model.Predict(data.Rows[row])))]);
            declared.Add(
                training[seen..]
                    .Average(row =>
                        Gold.IsLoss(
                            shape,
                            Answer(shape, model.Predict(data.Rows[row])),
                            Truth(shape, data.Targets[row]),
                            Parameters.Default
                        )
                            ? 0.0
                            : 1.0
                    )
            );
        }

        return new(
            shape,
            answers.ToImmutable(),
            [.. asked.Select(row => Truth(shape, data.Targets[row]))],
            declared.ToImmutable()
        );
    }

    /// <summary>A crowd whose members have answered all rows.</summary>
    /// <param name="network">Which network.</param>
    /// <param name="answers">Per member, per row, from a model that has not seen the row.</param>
    /// <param name="targets">Per row the class or the value.</param>
    internal static TrainedCrowd Of(Mechanics.Network network, double[][][] answers, double[] targets)
    {
        ImmutableArray<long> truths = [.. targets.Select(target => Truth(network, target))];
        ImmutableArray<ImmutableArray<ImmutableArray<long>>> given =
        [
            .. answers.Select(rows => rows.Select(row => Answer(network, row)).ToImmutableArray()),
        ];
        return new(
            network,
            given,
            truths,
            [
                .. given.Select(rows =>
                    rows.Zip(truths)
                        .Average(pair => Gold.IsLoss(network, pair.First, pair.Second, Parameters.Default) ? 0.0 : 1.0)
                ),
            ]
        );
    }

    /// <summary>What a model gives, as the mechanism counts it.</summary>
    internal static ImmutableArray<long> Answer(Mechanics.Network network, double[] output) =>
        network.IsRegression ? [(long)(output[0] * CentsPerUnit)] : Probabilities.Normalise(output);

    /// <summary>The way back: probabilities, or a value.</summary>
    internal static double[] Output(Mechanics.Network network, ImmutableArray<long> answer) =>
        network.IsRegression ? [answer[0] / CentsPerUnit] : [.. answer.Select(Units.FromMillionths)];

    private static long Truth(Mechanics.Network network, double target) =>
        network.IsRegression ? (long)(target * CentsPerUnit) : (long)target;
}
