namespace Predictors.Models;

/// <summary>
/// What naive Bayes knows of one feature: a normal distribution per class, or level frequencies per class.
/// </summary>
/// <param name="Source">Index of the feature.</param>
/// <param name="Means">Per class, of a number; empty for a category.</param>
/// <param name="Deviations">Per class, of a number; empty for a category.</param>
/// <param name="LogFrequencies">Per class, per level, of a category; empty for a number.</param>
public sealed record BayesFeature(int Source, double[] Means, double[] Deviations, double[][] LogFrequencies);

/// <summary>
/// Naive Bayes: P(class | row) is proportional to P(class) times the product of P(feature | class). A missing value
/// says nothing and is left out of the product.
/// </summary>
/// <param name="LogPriors">Per class.</param>
/// <param name="Features">The features that count.</param>
public sealed record BayesHead(double[] LogPriors, BayesFeature[] Features) : Head
{
    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double> features, ReadOnlySpan<float> vector, Span<double> outputs)
    {
        LogPriors.CopyTo(outputs);
        foreach (var feature in Features)
        {
            var value = features[feature.Source];
            if (double.IsNaN(value))
            {
                continue;
            }

            for (var label = 0; label < outputs.Length; label++)
            {
                outputs[label] +=
                    feature.LogFrequencies.Length > 0
                        ? feature.LogFrequencies[label][(int)value]
                        : LogDensity(value, feature.Means[label], feature.Deviations[label]);
            }
        }

        Link.Softmax(outputs);
    }

    /// <summary>Log of the normal density, without the constant that all classes share.</summary>
    private static double LogDensity(double value, double mean, double deviation)
    {
        var standard = (value - mean) / deviation;
        return (-0.5 * standard * standard) - Math.Log(deviation);
    }
}
