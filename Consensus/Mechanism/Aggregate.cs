using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>One answer with what it counts.</summary>
/// <param name="Answer">Probabilities in parts per million, or a value in cents.</param>
/// <param name="Influence">S w, or 1 in a plain mean; above 0.</param>
public readonly record struct Vote(ImmutableArray<long> Answer, double Influence);

/// <summary>Many answers to one row, made one.</summary>
public static class Aggregate
{
    /// <summary>The combined answer.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="votes">At least one, in an order that does not depend on who asks (members sorted by name).</param>
    /// <param name="parameters">Width of the band for values.</param>
    /// <returns>Probabilities that add to one million, or a value in cents.</returns>
    public static ImmutableArray<long> Of(Network network, ReadOnlySpan<Vote> votes, Parameters parameters) =>
        network.IsRegression ? [ClippedMean(votes, parameters)] : Mean(network.AnswerLength, votes);

    /// <summary>P = sum S w P_i / sum S w.</summary>
    public static ImmutableArray<long> Mean(int classCount, ReadOnlySpan<Vote> votes)
    {
        var sums = new double[classCount];
        var total = 0.0;
        foreach (var vote in votes)
        {
            total += vote.Influence;
            for (var index = 0; index < classCount; index++)
            {
                sums[index] += vote.Influence * vote.Answer[index];
            }
        }

        for (var index = 0; index < classCount; index++)
        {
            sums[index] /= total;
        }

        return Probabilities.Normalise(sums);
    }

    /// <summary>
    /// The class that most influence names, whatever probability each gives it; between equals the likelier by the mean.
    /// It decides who agrees with whom, as the median does for values: confidence must not buy a say in who is right.
    /// </summary>
    public static int Plurality(int classCount, ReadOnlySpan<Vote> votes)
    {
        var sums = new double[classCount];
        foreach (var vote in votes)
        {
            sums[Probabilities.ArgMax(vote.Answer.AsSpan())] += vote.Influence;
        }

        var most = sums.Max();
        var mean = Mean(classCount, votes);
        for (var index = 0; index < classCount; index++)
        {
            sums[index] = sums[index] < most ? -1 : mean[index];
        }

        return Probabilities.ArgMax<double>(sums);
    }

    /// <summary>The weighted mean of the answers clipped to r +- 3 MAD, with r their weighted median.</summary>
    public static long ClippedMean(ReadOnlySpan<Vote> votes, Parameters parameters)
    {
        var centre = RobustCentre.Of(votes);
        var reach = parameters.AgreementMads * centre.Mad;
        var sum = 0.0;
        var total = 0.0;
        foreach (var vote in votes)
        {
            sum += vote.Influence * Math.Clamp(vote.Answer[0], centre.Median - reach, centre.Median + reach);
            total += vote.Influence;
        }

        return (long)Math.Round(sum / total);
    }
}

/// <summary>Where answers lie, and how far they spread, without heed of outliers.</summary>
/// <param name="Median">Weighted median, in cents.</param>
/// <param name="Mad">Weighted median of the absolute deviations from it, in cents.</param>
public sealed record RobustCentre(double Median, double Mad)
{
    /// <summary>Median and MAD.</summary>
    /// <param name="votes">At least one.</param>
    public static RobustCentre Of(ReadOnlySpan<Vote> votes)
    {
        var points = new (double Value, double Influence)[votes.Length];
        for (var index = 0; index < votes.Length; index++)
        {
            points[index] = (votes[index].Answer[0], votes[index].Influence);
        }

        var median = WeightedMedian(points);
        for (var index = 0; index < points.Length; index++)
        {
            points[index].Value = Math.Abs(points[index].Value - median);
        }

        return new(median, WeightedMedian(points));
    }

    /// <summary>
    /// The least value with more than half of the influence at or below it; where exactly half is, the middle
    /// between it and the next, as for the ordinary median.
    /// </summary>
    /// <param name="points">At least one; sorted in place.</param>
    public static double WeightedMedian((double Value, double Influence)[] points)
    {
        Array.Sort(points);
        var total = 0.0;
        foreach (var point in points)
        {
            total += point.Influence;
        }

        var below = 0.0;
        for (var index = 0; index < points.Length - 1; index++)
        {
            below += points[index].Influence;
            if (2 * below > total)
            {
                return points[index].Value;
            }

            if (2 * below >= total)
            {
                return (points[index].Value + points[index + 1].Value) / 2;
            }
        }

        return points[^1].Value;
    }

    /// <summary>Whether <paramref name="value"/> agrees: within 3 MAD, or within the floor of the band.</summary>
    public bool Accepts(double value, Parameters parameters) => Math.Abs(value - Median) <= Reach(parameters);

    /// <summary>Half-width of the band of agreement, in cents.</summary>
    public double Reach(Parameters parameters) =>
        Math.Max(parameters.AgreementMads * Mad, parameters.AgreementFloor * Math.Abs(Median));
}
