using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>
/// Multinomial logistic regression by L-BFGS; for a value, a ridge regression over each number and its spline, whose penalty
/// is where the evidence is greatest.
/// </summary>
public sealed class LinearLearner : ILearner
{
    private const float Penalty = 16;

    private const int Iterations = 200;

    /// <inheritdoc/>
    public string Name => "linear";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.Indicators;

    /// <inheritdoc/>
    public int SplineKnots(Network network) =>
        network.Name switch
        {
            "iris" => 4,
            "titanic" => 0,
            _ => 5,
        };

    /// <inheritdoc/>
    public string Parameters(Network network) =>
        $"knots {SplineKnots(network)}, "
        + (
            network.IsClassification
                ? $"L2 {Penalty}, iterations {Iterations}, seed {Examples.Seed}"
                : $"evidence, at most {BayesianRegression.MaxIterations} rounds"
        );

    /// <inheritdoc/>
    public Head Fit(TrainingSet data) =>
        data.Network.IsClassification ? FitClasses(data) : BayesianRegression.Fit(data.Vectors, data.Targets);

    private static LinearHead FitClasses(TrainingSet data)
    {
        var context = new MLContext(Examples.Seed);
        var rows = Examples.All(context, data);
        var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = nameof(Example.Class),
                FeatureColumnName = nameof(Example.Features),
                L1Regularization = 0,
                L2Regularization = Penalty,
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
}
