using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>Gradient-boosted trees grown leaf by leaf: LightGBM.</summary>
public sealed class LightGbmLearner : ILearner
{
    private sealed record Setting(
        int Trees,
        int Leaves,
        int LeafRows,
        double Rate,
        double FeatureShare,
        double RowShare,
        double L2
    );

    /// <inheritdoc/>
    public string Name => "lightgbm";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.TargetMeans;

    /// <inheritdoc/>
    public string Parameters(Network network) => $"{For(network)}, seed {Examples.Seed}";

    /// <inheritdoc/>
    public string? Lack => OperatingSystem.IsLinux() ? NativeLibraries.Lack("libgomp.so.1", "libgomp1", Name) : null;

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
            "iris" => new(100, 3, 5, 0.05, 0.5, 0.6, 1),
            "titanic" => new(120, 7, 15, 0.04, 0.6, 0.7, 2),
            _ => new(600, 8, 5, 0.05, 0.3, 0.6, 1),
        };

    private static Ensemble FitClass(MLContext context, TrainingSet data, int label)
    {
        var options = new LightGbmBinaryTrainer.Options { LabelColumnName = nameof(Example.IsPositive) };
        Apply(For(data.Network), options);
        var rows = Examples.OneAgainstRest(context, data, label);
        return TreeExtraction.ExtractLogOdds(context.BinaryClassification.Trainers.LightGbm(options).Fit(rows).Model);
    }

    private static Ensemble FitValue(MLContext context, TrainingSet data)
    {
        var options = new LightGbmRegressionTrainer.Options { LabelColumnName = nameof(Example.Value) };
        Apply(For(data.Network), options);
        var rows = Examples.All(context, data);
        return TreeExtraction.Extract(
            context.Regression.Trainers.LightGbm(options).Fit(rows).Model.TrainedTreeEnsemble
        );
    }

    private static void Apply<TOptions, TOutput, TTransformer, TModel>(
        Setting setting,
        LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase options
    )
        where TOptions : LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase, new()
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        options.FeatureColumnName = nameof(Example.Features);
        options.NumberOfIterations = setting.Trees;
        options.NumberOfLeaves = setting.Leaves;
        options.MinimumExampleCountPerLeaf = setting.LeafRows;
        options.LearningRate = setting.Rate;
        options.Booster = new GradientBooster.Options
        {
            FeatureFraction = setting.FeatureShare,
            SubsampleFraction = setting.RowShare,
            SubsampleFrequency = 1,
            L2Regularization = setting.L2,
        };
        options.UseCategoricalSplit = false;
        options.HandleMissingValue = false;
        options.Seed = Examples.Seed;
        options.NumberOfThreads = 1;
    }
}
