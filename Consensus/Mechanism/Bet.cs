namespace Consensus.Mechanism;

/// <summary>
/// A bet against a member's own claim, row by row. Under a claim that holds, the capital is a supermartingale (but
/// for what the floor adds), so by Ville's inequality (1939) it reaches the threshold within n rows with probability
/// at most n floor / threshold. See also Waudby-Smith and Ramdas 2024, "betting" confidence sequences.
/// </summary>
public static class Bet
{
    /// <summary>M &lt;- max(0.05, M (1 + X / 2)) with X = l - (1 - a) - 0.10.</summary>
    /// <param name="capital">M, at least the floor.</param>
    /// <param name="lost">l: whether the member was wrong on this row.</param>
    /// <param name="declaredAccuracy">a, in [0, 1].</param>
    /// <param name="parameters">Tolerance, fraction and floor.</param>
    /// <returns>M after the row.</returns>
    public static double Update(double capital, bool lost, double declaredAccuracy, Parameters parameters)
    {
        var excess = (lost ? 1.0 : 0.0) - (1 - declaredAccuracy) - parameters.BetTolerance;
        return Math.Max(parameters.BetFloor, capital * (1 + (parameters.BetFraction * excess)));
    }

    /// <summary>Whether the bet is won, and the claim refuted.</summary>
    public static bool IsWon(double capital, Parameters parameters) => capital >= parameters.BetThreshold;
}
