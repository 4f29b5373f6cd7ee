using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Predictors.Data;
using Predictors.Evaluation;
using Predictors.Models.Learners;

namespace Predictors.Models;

/// <summary>A model that answers rows of one network.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Encoder">Fitted on the training rows.</param>
/// <param name="Head">What was learned.</param>
/// <param name="LeastTarget">Least target seen: log of the lowest price, or class 0.</param>
/// <param name="GreatestTarget">Greatest target seen.</param>
/// <param name="Temperature">By which probabilities are scaled (<see cref="TemperatureScaling"/>); 1 leaves them.</param>
public sealed record TrainedModel(
    string Network,
    string Learner,
    Encoder Encoder,
    Head Head,
    double LeastTarget,
    double GreatestTarget,
    double Temperature = TemperatureScaling.None
)
{
    /// <summary>What the model answers for.</summary>
    [JsonIgnore]
    public Network Shape { get; } =
        Networks.Find(Network) ?? throw new InvalidDataException($"There is no network {Network}.");

    [JsonIgnore]
    private ImmutableArray<Feature> Features { get; } = Feature.Of(Networks.Find(Network) ?? Networks.Iris);

    /// <summary>Trains a learner on rows.</summary>
    /// <param name="learner">How.</param>
    /// <param name="data">On what.</param>
    public static TrainedModel Train(ILearner learner, DataSet data)
    {
        var model = Fit(learner, data);
        return learner.IsScaled(data.Network)
            ? model with
            {
                Temperature = TemperatureScaling.Fit(
                    CrossValidation.Answers(data, rows => Fit(learner, rows), CancellationToken.None),
                    data.Targets
                ),
            }
            : model;
    }

    /// <summary>Answers one row. Safe from any thread.</summary>
    /// <param name="row">A value per column.</param>
    /// <returns>
    /// Probabilities that add to 1, or the one value in US dollars, within the range of the training rows.
    /// </returns>
    public double[] Predict(double[] row)
    {
        var outputs = new double[Shape.OutputCount];
        Span<float> vector = stackalloc float[Encoder.Length];
        var derived = Feature.Derive(Features, row);
        Encoder.Encode(derived, vector);
        Head.Predict(derived, vector, outputs);
        if (Shape.IsClassification)
        {
            TemperatureScaling.Apply(outputs, Temperature);
        }
        else
        {
            outputs[0] = Math.Exp(Math.Clamp(outputs[0], LeastTarget, GreatestTarget));
        }

        return outputs;
    }

    /// <summary>Learns, and leaves the probabilities as the learner gives them.</summary>
    private static TrainedModel Fit(ILearner learner, DataSet data)
    {
        var features = Feature.Of(data.Network);
        var derived = data.Rows.Select(row => Feature.Derive(features, row)).ToArray();
        var targets = data.Network.IsClassification ? data.Targets : [.. data.Targets.Select(price => Math.Log(price))];
        var encoder = Encoder.Fit(features, derived, targets, learner.Encoding, learner.SplineKnots(data.Network));
        var set = new TrainingSet(data.Network, features, derived, encoder.EncodeAll(derived), targets);
        return new(data.Network.Name, learner.Name, encoder, learner.Fit(set), targets.Min(), targets.Max());
    }
}
