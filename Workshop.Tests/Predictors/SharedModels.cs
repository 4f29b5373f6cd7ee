using System.Collections.Concurrent;
using CsCheck;
using Predictors.Data;
using Predictors.Models;
using Predictors.Models.Learners;

namespace Workshop.Tests.Predictors;

/// <summary>Models that several tests look at, trained once, and random rows of the networks' domains.</summary>
internal static class SharedModels
{
    private static readonly ConcurrentDictionary<(string, string), Lazy<TrainedModel>> Models = new();

    public static IEnumerable<(ILearner Learner, Network Network)> All() =>
        LearnerCatalogue.All.SelectMany(learner => Networks.All.Select(network => (learner, network)));

    public static TrainedModel Of(string learner, string network) =>
        Models.GetOrAdd((learner, network), _ => new(() => Train(learner, network))).Value;

    public static TrainedModel Train(string learner, string network) =>
        TrainedModel.Train(LearnerCatalogue.Find(learner)!, DataSet.Load(Networks.Find(network)!).Training());

    /// <summary>The rows that no served model has seen.</summary>
    public static DataSet HeldOut(Network network)
    {
        var data = DataSet.Load(network);
        return data.Take([.. Enumerable.Range(0, data.Count).Where(row => data.IsHeldOut[row])]);
    }

    /// <summary>Any row of the domain, far beyond the rows of the data too.</summary>
    public static Gen<double[]> Rows(Network network) =>
        Gen.Select(
            Gen.Double[0, 1].Array[network.Columns.Length],
            Gen.Int[0, 9].Array[network.Columns.Length],
            (shares, dice) =>
                network
                    .Columns.Select(
                        (column, index) =>
                            column.MayBeMissing && dice[index] == 0 ? double.NaN
                            : column.HasLevels ? Math.Floor(shares[index] * column.Levels.Length * 0.999)
                            : column.IsWhole
                                ? Math.Round(column.Minimum + (shares[index] * (column.Maximum - column.Minimum)))
                            : column.Minimum + (shares[index] * (column.Maximum - column.Minimum))
                    )
                    .ToArray()
        );
}
