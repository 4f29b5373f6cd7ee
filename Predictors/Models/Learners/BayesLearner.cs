using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>
/// Bayes' rule over normal distributions: for classes a linear discriminant, for a value a Gaussian process.
/// </summary>
public sealed class BayesLearner : ILearner
{
    private static readonly GaussianProcess Process = new(Straight: 0.01, Curved: 0.3, Length: 6, Noise: 0.05);

    /// <inheritdoc/>
    public string Name => "bayes";

    /// <inheritdoc/>
    public CategoryEncoding Encoding => CategoryEncoding.Indicators;

    /// <inheritdoc/>
    /// <remarks>Its trainings take next to no time, and with a thousand rows it is still surer than it may be.</remarks>
    public bool IsScaled(Network network) => network.IsClassification;

    /// <inheritdoc/>
    public string Parameters(Network network) =>
        network.IsClassification ? $"discriminant, shrinkage {Shrinkage(network)}" : $"{Process}";

    /// <inheritdoc/>
    public Head Fit(TrainingSet data) =>
        data.Network.IsClassification
            ? Discriminant.Fit(data.Vectors, data.Targets, data.Network.Labels.Length, Shrinkage(data.Network))
            : Process.Fit(data.Vectors, data.Targets);

    private static double Shrinkage(Network network) => network == Networks.Iris ? 0.05 : 0.02;
}
