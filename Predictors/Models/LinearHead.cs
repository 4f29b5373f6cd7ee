namespace Predictors.Models;

/// <summary>Weighted sums of the encoded row: softmax over one sum per class, or one sum as the value.</summary>
/// <param name="Weights">Per output a weight for each number of the vector.</param>
/// <param name="Biases">Per output.</param>
public sealed record LinearHead(double[][] Weights, double[] Biases) : Head
{
    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double> features, ReadOnlySpan<float> vector, Span<double> outputs)
    {
        for (var output = 0; output < outputs.Length; output++)
        {
            var sum = Biases[output];
            var weights = Weights[output];
            for (var index = 0; index < weights.Length; index++)
            {
                sum += weights[index] * vector[index];
            }

            outputs[output] = sum;
        }

        if (outputs.Length > 1)
        {
            Link.Softmax(outputs);
        }
    }
}
