namespace Predictors.Models;

/// <summary>
/// k nearest neighbours, weighted by nearness: a neighbour at distance d counts 1 / (d + h), with h the distance of
/// the k-th. Classes get a Laplace share on top, so that none is ever ruled out by k rows.
/// </summary>
/// <param name="Vectors">The training rows, encoded and scaled by <paramref name="Scales"/>.</param>
/// <param name="Targets">Per training row the class index, or by how much its log price differs from the trend.</param>
/// <param name="Scales">Per number of the vector: how much it matters to the distance.</param>
/// <param name="NeighbourCount">k.</param>
/// <param name="Trend">
/// The price that the numbers alone make likely, as a sum. Neighbours say how much a house like this one differs from it:
/// an appraiser adjusts the price of each house compared for what it has more or less. Null for classes.
/// </param>
public sealed record NeighboursHead(
    float[][] Vectors,
    double[] Targets,
    float[] Scales,
    int NeighbourCount,
    LinearHead? Trend = null
) : Head
{
    /// <summary>Share of the weight that is spread evenly over the classes.</summary>
    private const double EvenShare = 0.02;

    /// <summary>Keeps the weight finite when all k neighbours are at distance 0.</summary>
    private const double LeastDistance = 1e-6;

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<double> features, ReadOnlySpan<float> vector, Span<double> outputs)
    {
        var count = Math.Min(NeighbourCount, Vectors.Length);
        Span<(double Distance, int Row)> nearest = stackalloc (double, int)[count];
        FindNearest(vector, nearest);
        var bandwidth = Math.Max(LeastDistance, Math.Sqrt(nearest[^1].Distance));
        outputs.Clear();
        double total = 0;
        foreach (var (squared, row) in nearest)
        {
            var weight = 1 / (Math.Sqrt(squared) + bandwidth);
            total += weight;
            if (outputs.Length == 1)
            {
                outputs[0] += weight * Targets[row];
            }
            else
            {
                outputs[(int)Targets[row]] += weight;
            }
        }

        for (var index = 0; index < outputs.Length; index++)
        {
            outputs[index] /= total;
        }

        if (outputs.Length > 1)
        {
            Smooth(outputs);
        }
        else if (Trend is not null)
        {
            Span<double> expected = stackalloc double[1];
            Trend.Predict(features, vector, expected);
            outputs[0] += expected[0];
        }
    }

    private static void Smooth(Span<double> shares)
    {
        for (var index = 0; index < shares.Length; index++)
        {
            shares[index] = ((1 - EvenShare) * shares[index]) + (EvenShare / shares.Length);
        }

        Link.Normalise(shares);
    }

    /// <summary>
    /// Fills <paramref name="nearest"/>, nearest first, by insertion; of equals the earlier row is nearer.
    /// </summary>
    private void FindNearest(ReadOnlySpan<float> vector, Span<(double Distance, int Row)> nearest)
    {
        Span<float> scaled = stackalloc float[vector.Length];
        System.Numerics.Tensors.TensorPrimitives.Multiply(vector, Scales, scaled);
        nearest.Fill((double.PositiveInfinity, -1));
        for (var row = 0; row < Vectors.Length; row++)
        {
            var squared = SquaredDistance(scaled, Vectors[row], nearest[^1].Distance);
            if (squared >= nearest[^1].Distance)
            {
                continue;
            }

            var place = nearest.Length - 1;
            for (; place > 0 && nearest[place - 1].Distance > squared; place--)
            {
                nearest[place] = nearest[place - 1];
            }

            nearest[place] = (squared, row);
        }
    }

    /// <summary>Sum of squared differences; stops early once it is beyond <paramref name="limit"/>.</summary>
    private static double SquaredDistance(ReadOnlySpan<float> first, ReadOnlySpan<float> second, double limit)
    {
        const int Stride = 8;
        double sum = 0;
        for (var start = 0; start < first.Length && sum < limit; start += Stride)
        {
            var end = Math.Min(first.Length, start + Stride);
            for (var index = start; index < end; index++)
            {
                double difference = first[index] - second[index];
                sum += difference * difference;
            }
        }

        return sum;
    }
}
