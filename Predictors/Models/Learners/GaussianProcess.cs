namespace Predictors.Models.Learners;

/// <summary>
/// Gaussian process regression (Rasmussen and Williams 2006, algorithm 2.1): prices are jointly normal, and the more alike
/// two houses are the more alike their prices. Alikeness is a straight part, x z, and a curved one that ends with
/// distance, exp(-|x - z|^2 / (2 l^2)).
/// </summary>
/// <param name="Straight">Variance of each weight of the straight part; the targets' variance is 1.</param>
/// <param name="Curved">Variance of the curved part.</param>
/// <param name="Length">l: how far the curved part reaches, in standard deviations of one number.</param>
/// <param name="Noise">Variance of what no house's features tell.</param>
internal sealed record GaussianProcess(double Straight, double Curved, double Length, double Noise)
{
    /// <summary>Conditions the process on rows.</summary>
    /// <param name="vectors">Standardised rows.</param>
    /// <param name="targets">Their targets.</param>
    internal GaussianProcessHead Fit(float[][] vectors, double[] targets)
    {
        var mean = targets.Average();
        var variance = targets.Average(target => (target - mean) * (target - mean));
        // Targets that are all the same have nothing to explain.
        var deviation = variance > 0 ? Math.Sqrt(variance) : 1;
        double[][] rows = [.. vectors.Select(vector => vector.Select(number => (double)number).ToArray())];
        var factor = Cholesky.Factor(Covariance(rows));
        var influences = Cholesky.Solve(factor, [.. targets.Select(target => (target - mean) / deviation)]);
        var width = rows[0].Length;
        return new(
            [.. Enumerable.Range(0, width).Select(index => vectors.Select(vector => vector[index]).ToArray())],
            [.. influences.Select(influence => influence * Curved * deviation)],
            [
                .. Enumerable
                    .Range(0, width)
                    .Select(index =>
                        Straight * deviation * rows.Zip(influences, (row, part) => row[index] * part).Sum()
                    ),
            ],
            mean,
            Length
        );
    }

    /// <summary>Of all pairs of rows; the lower triangle.</summary>
    private double[][] Covariance(double[][] rows)
    {
        var products = Products.Of(rows);
        double[] squares = [.. products.Select((line, row) => line[row])];
        var reach = -1 / (2 * Length * Length);
        for (var row = 0; row < rows.Length; row++)
        {
            var line = products[row];
            for (var other = 0; other <= row; other++)
            {
                var squared = squares[row] + squares[other] - (2 * line[other]);
                line[other] = (Straight * line[other]) + (Curved * Math.Exp(reach * squared));
            }

            line[row] += Noise;
        }

        return products;
    }
}
