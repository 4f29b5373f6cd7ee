namespace Predictors.Models;

/// <summary>
/// Cubic B-splines (de Boor 1978): smooth bumps, side by side, of which any smooth curve is nearly a weighted sum.
/// </summary>
internal static class Spline
{
    /// <summary>Knots of one bump: where its four pieces begin and end.</summary>
    internal const int KnotsOfOne = 5;

    private const int Degree = 3;

    /// <summary>The bumps over a number's range, each by its knots.</summary>
    /// <param name="sorted">The number's known values, in order.</param>
    /// <param name="knotCount">
    /// Knots over the range, at equal shares of the values; of equal ones one counts.
    /// </param>
    /// <returns>None where the number has fewer than three different knots.</returns>
    internal static IEnumerable<double[]> Over(double[] sorted, int knotCount)
    {
        double[] inner =
        [
            .. Enumerable
                .Range(0, knotCount)
                .Select(knot => sorted[(int)Math.Round((sorted.Length - 1) * (double)knot / (knotCount - 1))])
                .Distinct(),
        ];
        if (inner.Length < 3)
        {
            return [];
        }

        var (before, after) = (inner[1] - inner[0], inner[^1] - inner[^2]);
        double[] knots =
        [
            .. Enumerable.Range(1, Degree).Select(step => inner[0] - ((Degree + 1 - step) * before)),
            .. inner,
            .. Enumerable.Range(1, Degree).Select(step => inner[^1] + (step * after)),
        ];
        return Enumerable.Range(0, knots.Length - Degree - 1).Select(first => knots[first..(first + KnotsOfOne)]);
    }

    /// <summary>The height of one bump, by Cox and de Boor's recursion; 0 beyond its knots.</summary>
    /// <param name="knots">Five, each above the one before.</param>
    /// <param name="value">Where.</param>
    internal static double Height(ReadOnlySpan<double> knots, double value)
    {
        Span<double> heights = stackalloc double[KnotsOfOne - 1];
        for (var piece = 0; piece < heights.Length; piece++)
        {
            heights[piece] = value >= knots[piece] && value < knots[piece + 1] ? 1 : 0;
        }

        for (var degree = 1; degree <= Degree; degree++)
        {
            for (var piece = 0; piece < heights.Length - degree; piece++)
            {
                heights[piece] =
                    ((value - knots[piece]) / (knots[piece + degree] - knots[piece]) * heights[piece])
                    + (
                        (knots[piece + degree + 1] - value)
                        / (knots[piece + degree + 1] - knots[piece + 1])
                        * heights[piece + 1]
                    );
            }
        }

        return heights[0];
    }
}
