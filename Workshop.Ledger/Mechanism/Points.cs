using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>
/// Answers as points, so that one number says how far apart two of them are. The squared distance of probabilities from
/// a class is their Brier score (1950), in [0, 2]. A value counts in tolerances from the row's median.
/// </summary>
/// <param name="network">Classes or a value.</param>
/// <param name="median">r of the row, in cents; not used for classes.</param>
/// <param name="parameters">The tolerance for values.</param>
internal readonly struct Points(Network network, double median, Parameters parameters)
{
    /// <summary>A value further off than this many tolerances is no worse for it.</summary>
    internal const double Furthest = 2.5;

    /// <summary>Squared distance of a missing value from every value that is there: one tolerance.</summary>
    private const double MissingValue = 1;

    /// <summary>Writes the point of an answer; a miss says nothing: every class alike, or no value (NaN).</summary>
    internal void Write(ImmutableArray<long> answer, Span<double> point)
    {
        if (network.IsRegression)
        {
            point[0] = answer.IsEmpty ? double.NaN : Offset(answer[0]);
            return;
        }

        for (var index = 0; index < point.Length; index++)
        {
            point[index] = answer.IsEmpty ? 1.0 / point.Length : Units.FromMillionths(answer[index]);
        }
    }

    /// <summary>The point of what is right, or of the majority: a class, or a value in cents.</summary>
    internal double[] Of(double truth)
    {
        if (network.IsRegression)
        {
            return [Offset(truth)];
        }

        var point = new double[network.ClassCount];
        point[(int)truth] = 1;
        return point;
    }

    /// <summary>|x - y|^2; two misses are alike.</summary>
    internal static double Distance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var sum = 0.0;
        for (var index = 0; index < first.Length; index++)
        {
            var difference = first[index] - second[index];
            sum += difference * difference;
        }

        return !double.IsNaN(sum) ? sum
            : double.IsNaN(first[0]) && double.IsNaN(second[0]) ? 0
            : MissingValue;
    }

    private double Offset(double value) =>
        median <= 0 ? 0 : Math.Clamp((value - median) / (parameters.ValueTolerance * median), -Furthest, Furthest);
}
