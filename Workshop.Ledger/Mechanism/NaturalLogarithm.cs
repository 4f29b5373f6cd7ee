namespace Workshop.Ledger.Mechanism;

/// <summary>
/// ln x from additions, multiplications and divisions alone. Those are exact to the last bit on every processor by
/// IEEE 754; the last bit of a C library's log is its own affair, and weights must replay the same everywhere.
/// </summary>
public static class NaturalLogarithm
{
    private const double Ln2 = 0.693147180559945309;

    /// <summary>Terms of the series: with |y| at most 1/5, the first left out is below 1e-17.</summary>
    private const int Terms = 12;

    private const double High = 1.5;

    private const double Low = 0.75;

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">A finite number above 0.</param>
    /// <returns>ln x, within 1e-15 of it, relative or absolute.</returns>
    /// <remarks>x = 2^k m with m in [3/4, 3/2]; ln m = 2 artanh y with y = (m - 1) / (m + 1).</remarks>
    public static double Of(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, double.MaxValue);
        var exponent = 0;
        for (; x > High; x /= 2)
        {
            exponent++;
        }

        for (; x < Low; x *= 2)
        {
            exponent--;
        }

        var y = (x - 1) / (x + 1);
        var sum = 0.0;
        for (var term = Terms - 1; term >= 0; term--)
        {
            sum = (sum * y * y) + (1.0 / ((2 * term) + 1));
        }

        return (exponent * Ln2) + (2 * y * sum);
    }
}
