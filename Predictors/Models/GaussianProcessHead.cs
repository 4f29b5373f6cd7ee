using System.Numerics.Tensors;

namespace Predictors.Models;

/// <summary>
/// The mean of a Gaussian process: a weighted sum of the row's numbers, and every training row's influence, which ends with
/// distance.
/// </summary>
/// <param name="Columns">Per number of the vector its value in each training row.</param>
/// <param name="Influences">Per training row.</param>
/// <param name="Weights">Per number of the vector.</param>
/// <param name="Bias">The mean target.</param>
/// <param name="Length">How far an influence reaches.</param>
public sealed record GaussianProcessHead(
    float[][] Columns,
    double[] Influences,
    double[] Weights,
    double Bias,
    double Length
) : Head
{
    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double> features, ReadOnlySpan<float> vector, Span<double> outputs)
    {
        Span<float> nearness = stackalloc float[Influences.Length];
        Span<float> differences = stackalloc float[Influences.Length];
        nearness.Clear();
        var sum = Bias;
        for (var index = 0; index < Columns.Length; index++)
        {
            sum += Weights[index] * vector[index];
            // Column by column: each training row's sum has its terms in the same order on every machine.
            TensorPrimitives.Subtract(Columns[index], vector[index], differences);
            TensorPrimitives.MultiplyAdd(differences, differences, nearness, nearness);
        }

        TensorPrimitives.Multiply(nearness, (float)(-1 / (2 * Length * Length)), nearness);
        TensorPrimitives.Exp(nearness, nearness);
        for (var row = 0; row < nearness.Length; row++)
        {
            sum += Influences[row] * nearness[row];
        }

        outputs[0] = sum;
    }
}
