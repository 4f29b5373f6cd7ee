using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>One answer with what it counts.</summary>
/// <param name="Answer">Probabilities in parts per million, or a value in cents.</param>
/// <param name="Influence">S W, or S in a plain mean; above 0.</param>
public readonly record struct Vote(ImmutableArray<long> Answer, double Influence);

/// <summary>Many answers to one row, made one.</summary>
public static class Aggregate
{
    /// <summary>The combined answer.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="method">A plain mean, or the weighted pool.</param>
    /// <param name="votes">At least one, in an order that does not depend on who asks (members sorted by name).</param>
    /// <param name="parameters">Floor of the pool, band for values.</param>
    /// <returns>Probabilities that add to one million, or a value in cents.</returns>
    public static ImmutableArray<long> Of(
        Network network,
        Method method,
        ReadOnlySpan<Vote> votes,
        Parameters parameters
    ) =>
        (network.IsRegression, method) switch
        {
            (true, Method.Average) => [MeanValue(votes)],
            (true, _) => [ClippedMean(votes, parameters)],
            (_, Method.Weighted) when parameters.PoolFloor > 0 => LogPool(network.AnswerLength, votes, parameters),
            _ => Mean(network.AnswerLength, votes),
        };

    /// <summary>The combined answer of a ballot; empty where nobody voted.</summary>
    public static ImmutableArray<long> Of(Network network, Ballot ballot, Parameters parameters) =>
        ballot.Votes.IsEmpty ? [] : Of(network, ballot.Method, ballot.Anonymous(), parameters);

    /// <summary>
    /// P proportional to prod max(P_i, floor)^(S W / sum S W): the logarithmic opinion pool. Its log-loss is never above the
    /// members' weighted mean log-loss, and it does not blur what members agree on, as a mean does (Ranjan and Gneiting
    /// 2010). The floor keeps one member from ruling a class out.
    /// </summary>
    public static ImmutableArray<long> LogPool(int classCount, ReadOnlySpan<Vote> votes, Parameters parameters)
    {
        var floor = parameters.PoolFloor * Units.Million;
        Span<double> sums = stackalloc double[classCount];
        var total = 0.0;
        foreach (var vote in votes)
        {
            total += vote.Influence;
            for (var index = 0; index < classCount; index++)
            {
                sums[index] += vote.Influence * NaturalLogarithm.Of(Math.Max(floor, vote.Answer[index]));
            }
        }

        var most = double.NegativeInfinity;
        for (var index = 0; index < classCount; index++)
        {
            sums[index] /= total;
            most = Math.Max(most, sums[index]);
        }

        for (var index = 0; index < classCount; index++)
        {
            sums[index] = Exponential.Of(sums[index] - most);
        }

        return Probabilities.Normalise(sums);
    }

    /// <summary>P = sum S W P_i / sum S W: the linear pool.</summary>
    public static ImmutableArray<long> Mean(int classCount, ReadOnlySpan<Vote> votes)
    {
        Span<double> sums = stackalloc double[classCount];
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
        Span<double> sums = stackalloc double[classCount];
        foreach (var vote in votes)
        {
            sums[Probabilities.ArgMax(vote.Answer.AsSpan())] += vote.Influence;
        }

        var best = Probabilities.ArgMax<double>(sums);
        var ties = 0;
        foreach (var sum in sums)
        {
            ties += sum >= sums[best] ? 1 : 0;
        }

        if (ties == 1)
        {
            return best;
        }

        var most = sums[best];
        var mean = Mean(classCount, votes);
        for (var index = 0; index < classCount; index++)
        {
            sums[index] = sums[index] < most ? -1 : mean[index];
        }

        return Probabilities.ArgMax<double>(sums);
    }

    /// <summary>The plain mean of values, stake for stake and unclipped.</summary>
    public static long MeanValue(ReadOnlySpan<Vote> votes)
    {
        var sum = 0.0;
        var total = 0.0;
        foreach (var vote in votes)
        {
            sum += vote.Influence * vote.Answer[0];
            total += vote.Influence;
        }

        return (long)Math.Round(sum / total);
    }

    /// <summary>
    /// The weighted mean of the answers clipped to r +- max(3 MAD, 20 % of r), with r their weighted median: an answer that
    /// would be right if the median were is never clipped.
    /// </summary>
    public static long ClippedMean(ReadOnlySpan<Vote> votes, Parameters parameters)
    {
        var centre = RobustCentre.Of(votes);
        var reach = Math.Max(parameters.AgreementMads * centre.Mad, parameters.ValueTolerance * centre.Median);
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
