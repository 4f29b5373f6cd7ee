using System.Runtime.InteropServices;

namespace Workshop.Ledger.Mechanism;

/// <summary>Where answers lie, and how far they spread, without heed of outliers.</summary>
/// <param name="Median">Weighted median, in cents.</param>
/// <param name="Mad">Weighted median of the absolute deviations from it, in cents.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RobustCentre(double Median, double Mad)
{
    /// <summary>Median and MAD.</summary>
    /// <param name="votes">At least one.</param>
    public static RobustCentre Of(ReadOnlySpan<Vote> votes)
    {
        var values = new double[votes.Length];
        var influences = new double[votes.Length];
        for (var index = 0; index < votes.Length; index++)
        {
            values[index] = votes[index].Answer[0];
            influences[index] = votes[index].Influence;
        }

        var median = WeightedMedian(values, influences);
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Math.Abs(values[index] - median);
        }

        return new(median, WeightedMedian(values, influences));
    }

    /// <summary>
    /// The least value with more than half of the influence at or below it; where exactly half is, the middle
    /// between it and the next, as for the ordinary median.
    /// </summary>
    /// <param name="values">At least one; sorted in place.</param>
    /// <param name="influences">Of the values; moved with them.</param>
    public static double WeightedMedian(double[] values, double[] influences)
    {
        Array.Sort(values, influences);
        OrderEqual(values, influences);
        var total = 0.0;
        foreach (var influence in influences)
        {
            total += influence;
        }

        var below = 0.0;
        for (var index = 0; index < values.Length - 1; index++)
        {
            below += influences[index];
            if (2 * below > total)
            {
                return values[index];
            }

            if (2 * below >= total)
            {
                return (values[index] + values[index + 1]) / 2;
            }
        }

        return values[^1];
    }

    /// <summary>Whether <paramref name="value"/> agrees: within 3 MAD, or within the floor of the band.</summary>
    public bool Accepts(double value, Parameters parameters) => Math.Abs(value - Median) <= Reach(parameters);

    /// <summary>Half-width of the band of agreement, in cents.</summary>
    public double Reach(Parameters parameters) =>
        Math.Max(parameters.AgreementMads * Mad, parameters.AgreementFloor * Math.Abs(Median));

    /// <summary>
    /// Equal values by rising influence: sums must be the same bits whatever order a library's sort leaves equals in.
    /// </summary>
    private static void OrderEqual(double[] values, double[] influences)
    {
        for (var index = 1; index < values.Length; index++)
        {
            for (
                var place = index;
                place > 0 && values[place - 1].Equals(values[place]) && influences[place - 1] > influences[place];
                place--
            )
            {
                (influences[place - 1], influences[place]) = (influences[place], influences[place - 1]);
            }
        }
    }
}
