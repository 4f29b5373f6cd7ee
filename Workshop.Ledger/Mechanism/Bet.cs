namespace Workshop.Ledger.Mechanism;

/// <summary>
/// Bets against a member's own claim, gold row by gold row. Four bettors of different boldness stake a share of their
/// capital on "wrong", at the odds that are fair if the member is wrong as often as its claim and the tolerance allow.
/// While the claim holds, no bettor's capital grows on average. So by Ville's inequality (1939) one of them wins within
/// n gold rows with probability at most n floor / threshold. A bettor never falls below its floor, so that long honesty
/// buys no right to betray: an e-detector (Shin, Ramdas and Rinaldo 2024).
/// </summary>
public static class Bet
{
    /// <summary>s of each bettor: the timid win against small lies, the bold against great ones, quickly.</summary>
    internal static readonly double[] Shares = [1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2];

    /// <summary>The capital of a bettor that has seen nothing: the floor is shared among them.</summary>
    public static double Start(Parameters parameters) => parameters.BetFloor / Shares.Length;

    /// <summary>q: how often a member may be wrong, 1 - a and the tolerance.</summary>
    public static double AllowedLoss(double claimedAccuracy, Parameters parameters) =>
        1 - claimedAccuracy + parameters.BetTolerance;

    /// <summary>M &lt;- M (1 + s (1 - q) / q) when wrong, M (1 - s) when right; never below the floor.</summary>
    /// <param name="capital">M, at least the floor.</param>
    /// <param name="lost">Whether the member was wrong on this row.</param>
    /// <param name="share">s, of the capital.</param>
    /// <param name="allowedLoss">q, in (0, 1).</param>
    /// <param name="parameters">Floor and threshold; capital stops there: what is won cannot be won twice.</param>
    public static double Update(double capital, bool lost, double share, double allowedLoss, Parameters parameters)
    {
        var next = capital * (lost ? 1 + (share * (1 - allowedLoss) / allowedLoss) : 1 - share);
        return Math.Clamp(next, Start(parameters), parameters.BetThreshold);
    }

    /// <summary>The richest bettor's capital after these rows.</summary>
    /// <param name="losses">Whether the member was wrong, each row once, the row last asked last.</param>
    /// <param name="claimedAccuracy">a, in [0, 1].</param>
    /// <param name="parameters">Tolerance, floor and threshold.</param>
    public static double Evidence(ReadOnlySpan<bool> losses, double claimedAccuracy, Parameters parameters)
    {
        var allowed = AllowedLoss(claimedAccuracy, parameters);
        var richest = Start(parameters);
        if (allowed is <= 0 or >= 1)
        {
            // Whoever claims nothing cannot be refuted, and has no weight either.
            return richest;
        }

        foreach (var share in Shares)
        {
            var capital = Start(parameters);
            foreach (var lost in losses)
            {
                capital = Update(capital, lost, share, allowed, parameters);
            }

            richest = Math.Max(richest, capital);
        }

        return richest;
    }

    /// <summary>Whether a bet is won, and the claim refuted.</summary>
    public static bool IsWon(double capital, Parameters parameters) => capital >= parameters.BetThreshold;
}
