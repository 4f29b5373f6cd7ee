using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>Two answers to one question.</summary>
public static class Equivocation
{
    /// <summary>
    /// Whether two answers to the same row of the same batch differ by more than arithmetic explains.
    /// </summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="first">Probabilities in parts per million, or cents.</param>
    /// <param name="second">As <paramref name="first"/>.</param>
    /// <param name="parameters">Tolerance: absolute for probabilities, relative for values.</param>
    public static bool Is(
        Network network,
        ImmutableArray<long> first,
        ImmutableArray<long> second,
        Parameters parameters
    )
    {
        for (var index = 0; index < network.AnswerLength; index++)
        {
            var scale = network.IsRegression ? Math.Max(first[index], second[index]) : Units.Million;
            if (Math.Abs(first[index] - second[index]) > parameters.EquivocationTolerance * scale)
            {
                return true;
            }
        }

        return false;
    }
}
