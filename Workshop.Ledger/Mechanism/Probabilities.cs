using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>Probabilities in parts per million.</summary>
public static class Probabilities
{
    /// <summary>Scales numbers to whole parts that add to exactly one million, by largest remainder.</summary>
    /// <param name="values">Finite, none negative, not all 0.</param>
    public static ImmutableArray<long> Normalise(ReadOnlySpan<double> values)
    {
        var total = 0.0;
        foreach (var value in values)
        {
            total += value;
        }

        var parts = new long[values.Length];
        var remainders = new double[values.Length];
        var left = Units.Million;
        for (var index = 0; index < values.Length; index++)
        {
            var exact = values[index] / total * Units.Million;
            parts[index] = (long)exact;
            remainders[index] = exact - parts[index];
            left -= parts[index];
        }

        for (; left > 0; left--)
        {
            var next = ArgMax(remainders);
            parts[next]++;
            remainders[next] = -1;
        }

        return [.. parts];
    }

    /// <summary>Index of the greatest; the first of equals.</summary>
    public static int ArgMax<T>(ReadOnlySpan<T> values)
        where T : IComparable<T>
    {
        var best = 0;
        for (var index = 1; index < values.Length; index++)
        {
            if (values[index].CompareTo(values[best]) > 0)
            {
                best = index;
            }
        }

        return best;
    }
}
