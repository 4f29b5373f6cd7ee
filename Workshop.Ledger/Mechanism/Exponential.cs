namespace Workshop.Ledger.Mechanism;

/// <summary>
/// e^x from additions, multiplications and divisions alone, for the reason given at <see cref="NaturalLogarithm"/>: the
/// same bits everywhere.
/// </summary>
public static class Exponential
{
    private const double Ln2 = 0.693147180559945309;

    /// <summary>Terms of the series: with |r| at most ln 2 / 2, the first left out is below 1e-17.</summary>
    private const int Terms = 15;

    /// <summary>Below this the result is 0 for all that probabilities need, and every loop has a bound.</summary>
    private const double Least = -700;

    /// <summary>e to the power of x.</summary>
    /// <param name="x">At most 0.</param>
    /// <returns>Within 1e-14 of it, relative; 0 below -700.</returns>
    /// <remarks>x = r - k ln 2 with |r| at most ln 2 / 2; e^x = e^r / 2^k.</remarks>
    public static double Of(double x)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 0);
        if (x < Least)
        {
            return 0;
        }

        var halvings = (int)Math.Round(-x / Ln2);
        var rest = x + (halvings * Ln2);
        var sum = 1.0;
        for (var term = Terms; term > 0; term--)
        {
            sum = 1 + (sum * rest / term);
        }

        for (; halvings > 0; halvings--)
        {
            sum /= 2;
        }

        return sum;
    }
}
