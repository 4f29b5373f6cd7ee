namespace Predictors.Models.Learners;

/// <summary>Cholesky's factor of a symmetric positive definite matrix, and what follows from it.</summary>
internal static class Cholesky
{
    /// <summary>Columns that are finished before the rest of the matrix is touched: what is read again is in the cache.</summary>
    private const int Block = 4 * Products.Width;

    /// <summary>Lower triangle L with L L' = <paramref name="matrix"/>.</summary>
    /// <param name="matrix">Only its lower triangle is read.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    internal static double[][] Factor(double[][] matrix)
    {
        var size = matrix.Length;
        var factor = Products.Triangle(size);
        for (var line = 0; line < size; line++)
        {
            matrix[line].AsSpan(0, line + 1).CopyTo(factor[line]);
        }

        for (var begin = 0; begin < size; begin += Block)
        {
            var end = Math.Min(size, begin + Block);
            FinishColumns(factor, begin, end);
            for (var column = end; column < size; column += Products.Width)
            {
                var tile = Products.Tile(factor, column, begin, end, -1);
                for (var line = column; line < size; line++)
                {
                    var rest = factor[line].AsSpan();
                    Products.Add(rest[begin..end], tile, rest.Slice(column, Products.Width));
                }
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
            solution[line] /= factor[line][line];
            for (var before = 0; before < line; before++)
            {
                solution[before] -= factor[line][before] * solution[line];
            }
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

    private static void FinishColumns(double[][] factor, int begin, int end)
    {
        for (var line = begin; line < factor.Length; line++)
        {
            var own = factor[line];
            for (var column = begin; column < Math.Min(end, line + 1); column++)
            {
                var other = factor[column];
                var sum = own[column];
                for (var index = begin; index < column; index++)
                {
                    sum -= own[index] * other[index];
                }

                own[column] =
                    line > column ? sum / other[column]
                    : sum > 0 ? Math.Sqrt(sum)
                    : throw new ArithmeticException($"The matrix is not positive definite at line {line}.");
            }
        }
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
