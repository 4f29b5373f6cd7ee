namespace Predictors.Models.Learners;

/// <summary>
/// Bayesian linear regression: weights ~ N(0, 1/alpha), noise ~ N(0, 1/beta), with alpha and beta where the evidence
/// is greatest (MacKay 1992, "Bayesian interpolation"; Bishop 2006, 3.5.2).
/// </summary>
internal static class BayesianRegression
{
    /// <summary>Rounds of re-estimation at most.</summary>
    internal const int MaxIterations = 30;

    private const double Tolerance = 1e-6;

    /// <summary>Fits weights and bias.</summary>
    /// <param name="vectors">Standardised rows, so that the bias is the mean target.</param>
    /// <param name="targets">Their targets.</param>
    internal static LinearHead Fit(float[][] vectors, double[] targets)
    {
        double[][] rows = [.. vectors.Select(vector => vector.Select(number => (double)number).ToArray())];
        var size = rows[0].Length;
        var mean = targets.Average();
        var centred = targets.Select(target => target - mean).ToArray();
        var gram = Products.Of([
            .. Enumerable.Range(0, size).Select(index => rows.Select(row => row[index]).ToArray()),
        ]);
        var projected = new double[size];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var index = 0; index < size; index++)
            {
                projected[index] += rows[row][index] * centred[row];
            }
        }

        var (alpha, beta) = (1.0, 1 / centred.Average(value => value * value));
        var weights = new double[size];
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var factor = Cholesky.Factor(Precision(gram, alpha / beta));
            weights = Cholesky.Solve(factor, projected);
            // gamma: the number of weights that the data determines.
            var gamma = size - (alpha / beta * Cholesky.TraceOfInverse(factor));
            var squares = weights.Sum(weight => weight * weight);
            var residual = Residual(rows, centred, weights);
            var next = (Alpha: gamma / squares, Beta: (rows.Length - gamma) / residual);
            var settled = Math.Abs(next.Alpha - alpha) < Tolerance * alpha;
            (alpha, beta) = next;
            if (settled)
            {
                break;
            }
        }

        return new([weights], [mean]);
    }

    private static double[][] Precision(double[][] gram, double ridge) =>
        [
            .. gram.Select(
                (line, index) =>
                {
                    var copy = (double[])line.Clone();
                    copy[index] += ridge;
                    return copy;
                }
            ),
        ];

    private static double Residual(double[][] rows, double[] targets, double[] weights)
    {
        double sum = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            var error = targets[row];
            for (var index = 0; index < weights.Length; index++)
            {
                error -= rows[row][index] * weights[index];
            }

            sum += error * error;
        }

        return sum;
    }
}
