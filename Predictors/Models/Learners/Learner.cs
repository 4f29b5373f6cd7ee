using System.Collections.Immutable;
using Predictors.Data;

namespace Predictors.Models.Learners;

/// <summary>Encoded training rows.</summary>
/// <param name="Network">Whose rows.</param>
/// <param name="Features">The derived features' declarations.</param>
/// <param name="Derived">Per row the derived features.</param>
/// <param name="Vectors">Per row the encoded vector.</param>
/// <param name="Targets">Per row the class index, or the log of the price.</param>
public sealed record TrainingSet(
    Network Network,
    ImmutableArray<Feature> Features,
    double[][] Derived,
    float[][] Vectors,
    double[] Targets
);

/// <summary>
/// A way to learn, with its parameters. Training is seeded, single-threaded and repeatable bit for bit.
/// </summary>
public interface ILearner
{
    /// <summary>The name that <c>Predictor:Model</c> gives, for example <c>lightgbm</c>.</summary>
    string Name { get; }

    /// <summary>How this learner wants its categories.</summary>
    CategoryEncoding Encoding { get; }

    /// <summary>Knots of the spline that stands beside each number; 0 where the learner bends by itself, or not at all.</summary>
    int SplineKnots(Network network) => 0;

    /// <summary>Everything that changes what is learned, as text: part of the cache's key.</summary>
    /// <param name="network">The parameters may differ by network.</param>
    string Parameters(Network network);

    /// <summary>What this machine lacks to learn this way, for the person who starts the program; null when nothing.</summary>
    string? Lack => null;

    /// <summary>
    /// Whether its probabilities are scaled (<see cref="TemperatureScaling"/>): where rows are few, but not where many more
    /// trainings would gain nothing.
    /// </summary>
    bool IsScaled(Network network) => network == Networks.Iris;

    /// <summary>Learns.</summary>
    /// <param name="data">The training rows.</param>
    /// <returns>What was learned.</returns>
    Head Fit(TrainingSet data);
}

/// <summary>All learners by name.</summary>
public static class LearnerCatalogue
{
    /// <summary>The learners, in the order in which the workshop starts them.</summary>
    public static ImmutableArray<ILearner> All { get; } =
    [
        new LinearLearner(),
        new FastTreeLearner(),
        new LightGbmLearner(),
        new ForestLearner(),
        new NeighboursLearner(),
        new BayesLearner(),
    ];

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(learner => learner.Name));

    /// <summary>Finds a learner by name; case matters.</summary>
    /// <returns>The learner, or null.</returns>
    public static ILearner? Find(string? name) =>
        All.FirstOrDefault(learner => string.Equals(learner.Name, name, StringComparison.Ordinal));
}
