using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>
/// Random forest: ML.NET's FastForest. For classes, regression trees on 0/1 per class, whose leaves hold the share of
/// the class among their rows: probabilities without a calibrator ("probability machines", Malley et al. 2012).
/// </summary>
public sealed class ForestLearner : ILearner
{
    private sealed record Setting(int Trees, int Leaves, int LeafRows, double FeatureShare, double RowShare);

    /// <inheritdoc/>
    public string Name => "forest";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.TargetMeans;

    /// <inheritdoc/>
    public bool IsScaled(Network network) => false;

    /// <inheritdoc/>
    public string Parameters(Network network) => $"{For(network)}, seed {Examples.Seed}";

    /// <inheritdoc/>
    public Head Fit(TrainingSet data)
    {
        var context = new MLContext(Examples.Seed);
        return data.Network.IsClassification
            ? new TreesHead(
                TreesLink.Share,
                [
                    .. TreeExtraction
                        .PositiveClasses(data.Network)
                        .Select(label => Fit(context, data.Network, Examples.OneAgainstRest(context, data, label))),
                ]
            )
            : new TreesHead(TreesLink.Value, [Fit(context, data.Network, Examples.All(context, data))]);
    }

    private static Setting For(Network network) =>
        network.Name switch
        {
            "iris" => new(60, 6, 3, 0.7, 0.7),
            "titanic" => new(80, 24, 5, 0.5, 0.7),
            _ => new(50, 300, 1, 0.3, 0.8),
        };

    private static Ensemble Fit(MLContext context, Network network, IDataView rows)
    {
        var setting = For(network);
        var options = new FastForestRegressionTrainer.Options
        {
            LabelColumnName = nameof(Example.Value),
            FeatureColumnName = nameof(Example.Features),
            NumberOfTrees = setting.Trees,
            NumberOfLeaves = setting.Leaves,
            MinimumExampleCountPerLeaf = setting.LeafRows,
            MaximumBinCountPerFeature = 64,
            FeatureFractionPerSplit = setting.FeatureShare,
            BaggingExampleFraction = setting.RowShare,
            Seed = Examples.Seed,
            FeatureSelectionSeed = Examples.Seed,
            NumberOfThreads = 1,
        };
        return Mean(
            TreeExtraction.Extract(context.Regression.Trainers.FastForest(options).Fit(rows).Model.TrainedTreeEnsemble)
        );
    }

    /// <summary>A forest answers the mean of its trees.</summary>
    internal static Ensemble Mean(Ensemble sum) =>
        sum with
        {
            Trees =
            [
                .. sum.Trees.Select(tree =>
                    tree with
                    {
                        Leaves = [.. tree.Leaves.Select(leaf => leaf / sum.Trees.Length)],
                    }
                ),
            ],
        };
}
