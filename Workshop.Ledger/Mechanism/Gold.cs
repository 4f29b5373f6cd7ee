using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>Rows whose truth is known: where truth, not the majority, judges.</summary>
public static class Gold
{
    /// <summary>A thousand million dollars, the greatest value that a member may answer.</summary>
    private const long GreatestCents = 100_000_000_000;

    /// <summary>How many of a batch's rows are gold: a tenth, at least one.</summary>
    public static int CountOf(int rows, Parameters parameters) =>
        Math.Max(1, (int)Math.Round(rows * parameters.GoldShare, MidpointRounding.AwayFromZero));

    /// <summary>l: whether an answer is wrong; for a value, off by more than 20 % of the truth.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="answer">Probabilities or a value.</param>
    /// <param name="truth">Index of the class, or the value in cents.</param>
    /// <param name="parameters">Tolerance for values.</param>
    public static bool IsLoss(Network network, ImmutableArray<long> answer, long truth, Parameters parameters) =>
        network.IsRegression
            ? Math.Abs(answer[0] - truth) > parameters.ValueTolerance * truth
            : Probabilities.ArgMax(answer.AsSpan()) != truth;

    /// <summary>Smoothed gold accuracy after some more rows.</summary>
    public static double Update(double accuracy, IReadOnlyList<bool> losses, Parameters parameters)
    {
        foreach (var lost in losses)
        {
            accuracy = (parameters.GoldMemory * accuracy) + ((1 - parameters.GoldMemory) * (lost ? 0 : 1));
        }

        return accuracy;
    }

    /// <summary>Whether something can be the truth of a network: a class of its own, or a value within reason.</summary>
    public static bool IsTruth(Network network, long truth) =>
        network.IsRegression ? truth is > 0 and <= GreatestCents : truth >= 0 && truth < network.ClassCount;

    /// <summary>What a member without skill gets right: 1/K, or what a constant value gets.</summary>
    public static double Chance(Network network, Parameters parameters) =>
        network.IsRegression ? parameters.ValueChance : 1.0 / network.ClassCount;
}
