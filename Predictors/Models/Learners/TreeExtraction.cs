using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>Takes the trees out of ML.NET's models.</summary>
internal static class TreeExtraction
{
    /// <summary>What boosting learns: log-odds of each positive class, or a value.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="fitClass">Learns one class against the rest.</param>
    /// <param name="fitValue">Learns the value.</param>
    internal static TreesHead Boosted(Network network, Func<int, Ensemble> fitClass, Func<Ensemble> fitValue) =>
        network.IsClassification
            ? new(TreesLink.LogOdds, [.. PositiveClasses(network).Select(fitClass)])
            : new(TreesLink.Value, [fitValue()]);

    /// <summary>The trees of an ensemble, each leaf times its tree's weight and <paramref name="scale"/>.</summary>
    internal static Ensemble Extract<TTree>(TreeEnsemble<TTree> ensemble, double scale = 1, double offset = 0)
        where TTree : RegressionTreeBase =>
        new(
            (ensemble.Bias * scale) + offset,
            [.. ensemble.Trees.Select((tree, index) => Extract(tree, ensemble.TreeWeights[index] * scale))]
        );

    /// <summary>
    /// The trees of a calibrated classifier, so that their sum is the log-odds of the positive class.
    /// </summary>
    internal static Ensemble ExtractLogOdds<TModel>(CalibratedModelParametersBase<TModel, PlattCalibrator> model)
        where TModel : TreeEnsembleModelParametersBasedOnRegressionTree =>
        // Platt: p = 1 / (1 + exp(slope * score + offset)).
        Extract(model.SubModel.TrainedTreeEnsemble, -model.Calibrator.Slope, -model.Calibrator.Offset);

    /// <summary>
    /// One ensemble for two classes (the second against the first), else one per class against the rest.
    /// </summary>
    internal static IEnumerable<int> PositiveClasses(Network network) =>
        network.Labels.Length == 2 ? [1] : Enumerable.Range(0, network.Labels.Length);

    private static Tree Extract(RegressionTreeBase tree, double weight) =>
        new(
            [.. tree.NumericalSplitFeatureIndexes],
            [.. tree.NumericalSplitThresholds],
            [.. tree.LeftChild],
            [.. tree.RightChild],
            [.. tree.LeafValues.Select(value => value * weight)]
        );
}
