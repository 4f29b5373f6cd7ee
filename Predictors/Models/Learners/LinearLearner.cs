using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>Multinomial logistic regression by L-BFGS; for a value, linear regression by SDCA.</summary>
public sealed class LinearLearner : ILearner
{
    private const float SmallNetworkPenalty = 0.5f;

    private const float ClassPenalty = 4;

    private const float ValuePenalty = 1e-3f;

    private const int Iterations = 200;

    /// <inheritdoc/>
    public string Name => "linear";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.Indicators;

    /// <inheritdoc/>
    public string Parameters(Network network) =>
        $"L2 {Penalty(network)}, iterations {Iterations}, seed {Examples.Seed}";

    /// <inheritdoc/>
    public Head Fit(TrainingSet data)
    {
        var context = new MLContext(Examples.Seed);
        var rows = Examples.All(context, data);
        return data.Network.IsClassification ? FitClasses(context, rows, data) : FitValue(context, rows);
    }

    private static float Penalty(Network network) =>
        !network.IsClassification ? ValuePenalty
        : network == Networks.Iris ? SmallNetworkPenalty
        : ClassPenalty;

    private static LinearHead FitClasses(MLContext context, IDataView rows, TrainingSet data)
    {
        var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = nameof(Example.Class),
                FeatureColumnName = nameof(Example.Features),
                L1Regularization = 0,
                L2Regularization = Penalty(data.Network),
                MaximumNumberOfIterations = Iterations,
                OptimizationTolerance = 1e-7f,
                NumberOfThreads = 1,
            }
        );
        var model = trainer.Fit(rows).Model;
        VBuffer<float>[]? weights = null;
        model.GetWeights(ref weights, out _);
        return new(
            [.. weights.Select(buffer => buffer.DenseValues().Select(weight => (double)weight).ToArray())],
            [.. model.GetBiases().Select(bias => (double)bias)]
        );
    }

    private static LinearHead FitValue(MLContext context, IDataView rows)
    {
        var trainer = context.Regression.Trainers.Sdca(
            new SdcaRegressionTrainer.Options
            {
                LabelColumnName = nameof(Example.Value),
                FeatureColumnName = nameof(Example.Features),
                L1Regularization = 0,
                L2Regularization = ValuePenalty,
                MaximumNumberOfIterations = Iterations,
                NumberOfThreads = 1,
            }
        );
        var model = trainer.Fit(rows).Model;
        return new(
            [
                [.. model.Weights.Select(weight => (double)weight)],
            ],
            [model.Bias]
        );
    }
}
