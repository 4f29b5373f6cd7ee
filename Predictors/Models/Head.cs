using System.Text.Json.Serialization;

namespace Predictors.Models;

/// <summary>
/// What a learner has learned, as plain numbers: it answers without the library that trained it, from any thread,
/// and can be written to a file and read back.
/// </summary>
[JsonDerivedType(typeof(LinearHead), "linear")]
[JsonDerivedType(typeof(TreesHead), "trees")]
[JsonDerivedType(typeof(NeighboursHead), "neighbours")]
[JsonDerivedType(typeof(GaussianProcessHead), "process")]
public abstract record Head
{
    /// <summary>Answers one row.</summary>
    /// <param name="features">The derived row; NaN for missing.</param>
    /// <param name="vector">The encoded row.</param>
    /// <param name="outputs">Receives probabilities that add to 1, or one value (log price).</param>
    public abstract void Predict(ReadOnlySpan<double> features, ReadOnlySpan<float> vector, Span<double> outputs);
}

/// <summary>From scores to probabilities.</summary>
internal static class Link
{
    /// <summary>No class is ever given less: an answer of 0 could never be forgiven by the log-loss.</summary>
    internal const double LeastProbability = 1e-4;

    /// <summary>Softmax, in place, without overflow.</summary>
    internal static void Softmax(Span<double> scores)
    {
        var highest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            highest = Math.Max(highest, score);
        }

        for (var index = 0; index < scores.Length; index++)
        {
            scores[index] = Math.Exp(scores[index] - highest);
        }

        Normalise(scores);
    }

    /// <summary>Makes shares add to 1, none below <see cref="LeastProbability"/>, in place.</summary>
    internal static void Normalise(Span<double> shares)
    {
        double sum = 0;
        foreach (var share in shares)
        {
            sum += share;
        }

        double floored = 0;
        for (var index = 0; index < shares.Length; index++)
        {
            shares[index] = sum > 0 ? Math.Max(LeastProbability, shares[index] / sum) : 1;
            floored += shares[index];
        }

        for (var index = 0; index < shares.Length; index++)
        {
            shares[index] /= floored;
        }
    }

    /// <summary>1 / (1 + exp(-score)).</summary>
    internal static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));
}
