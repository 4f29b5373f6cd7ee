using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>Gradient-boosted trees: ML.NET's FastTree (MART).</summary>
public sealed class FastTreeLearner : ILearner
{
    private sealed record Setting(
        int Trees,
        int Leaves,
        int LeafRows,
        double Rate,
        double FeatureShare,
        double RowShare
    );

    /// <inheritdoc/>
    public string Name => "fasttree";

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
        return TreeExtraction.Boosted(
            data.Network,
            label => FitClass(context, data, label),
            () => FitValue(context, data)
        );
    }

    private static Setting For(Network network) =>
        network.Name switch
        {
            "iris" => new(100, 3, 3, 0.05, 0.5, 0.6),
            "titanic" => new(100, 8, 15, 0.05, 0.6, 0.7),
            _ => new(600, 8, 5, 0.05, 0.3, 0.6),
        };

    private static Ensemble FitClass(MLContext context, TrainingSet data, int label)
    {
        var options = new FastTreeBinaryTrainer.Options { LabelColumnName = nameof(Example.IsPositive) };
        Apply(For(data.Network), options);
        var rows = Examples.OneAgainstRest(context, data, label);
        return TreeExtraction.ExtractLogOdds(context.BinaryClassification.Trainers.FastTree(options).Fit(rows).Model);
    }

    private static Ensemble FitValue(MLContext context, TrainingSet data)
    {
        var options = new FastTreeRegressionTrainer.Options { LabelColumnName = nameof(Example.Value) };
        Apply(For(data.Network), options);
        var rows = Examples.All(context, data);
        return TreeExtraction.Extract(
            context.Regression.Trainers.FastTree(options).Fit(rows).Model.TrainedTreeEnsemble
        );
    }

    private static void Apply(Setting setting, BoostedTreeOptions options)
    {
        options.FeatureColumnName = nameof(Example.Features);
        options.NumberOfTrees = setting.Trees;
        options.NumberOfLeaves = setting.Leaves;
        options.MinimumExampleCountPerLeaf = setting.LeafRows;
        options.LearningRate = setting.Rate;
        options.FeatureFraction = setting.FeatureShare;
        options.BaggingSize = 1;
        options.BaggingExampleFraction = setting.RowShare;
        options.Seed = Examples.Seed;
        options.FeatureSelectionSeed = Examples.Seed;
        options.NumberOfThreads = 1;
    }
}
