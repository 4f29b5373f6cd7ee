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
    /// <param name="rows">Standardised rows, so that the bias is the mean target.</param>
    /// <param name="targets">Their targets.</param>
    internal static LinearHead Fit(double[][] rows, double[] targets)
    {
        var size = rows[0].Length;
        var mean = targets.Average();
        var centred = targets.Select(target => target - mean).ToArray();
        var gram = Gram(rows, size);
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

    private static double[][] Gram(double[][] rows, int size)
    {
        var gram = new double[size][];
        for (var first = 0; first < size; first++)
        {
            gram[first] = new double[size];
            for (var second = 0; second <= first; second++)
            {
                double sum = 0;
                foreach (var row in rows)
                {
                    sum += row[first] * row[second];
                }

                gram[first][second] = sum;
            }
        }

        return gram;
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

/// <summary>Cholesky's factor of a symmetric positive definite matrix, and what follows from it.</summary>
internal static class Cholesky
{
    /// <summary>Lower triangle L with L L' = <paramref name="matrix"/>; only its lower triangle is read.</summary>
    internal static double[][] Factor(double[][] matrix)
    {
        var factor = new double[matrix.Length][];
        for (var line = 0; line < matrix.Length; line++)
        {
            factor[line] = new double[matrix.Length];
            for (var column = 0; column <= line; column++)
            {
                var sum = matrix[line][column];
                for (var index = 0; index < column; index++)
                {
                    sum -= factor[line][index] * factor[column][index];
                }

                factor[line][column] = line == column ? Math.Sqrt(sum) : sum / factor[column][column];
            }
        }

        return factor;
    }

    /// <summary>Solves L L' x = <paramref name="right"/>.</summary>
    internal static double[] Solve(double[][] factor, double[] right)
    {
        var solution = Forward(factor, right);
        for (var line = factor.Length - 1; line >= 0; line--)
        {
            for (var below = line + 1; below < factor.Length; below++)
            {
                solution[line] -= factor[below][line] * solution[below];
            }

            solution[line] /= factor[line][line];
        }

        return solution;
    }

    /// <summary>Trace of (L L')^-1: the sum of squares of L^-1.</summary>
    internal static double TraceOfInverse(double[][] factor)
    {
        double trace = 0;
        for (var column = 0; column < factor.Length; column++)
        {
            var unit = new double[factor.Length];
            unit[column] = 1;
            trace += Forward(factor, unit).Sum(value => value * value);
        }

        return trace;
    }

    private static double[] Forward(double[][] factor, double[] right)
    {
        var solution = (double[])right.Clone();
        for (var line = 0; line < factor.Length; line++)
        {
            for (var before = 0; before < line; before++)
            {
                solution[line] -= factor[line][before] * solution[before];
            }

            solution[line] /= factor[line][line];
        }

        return solution;
    }
}
