namespace Workshop.Ledger.Mechanism;

/// <summary>What a lie costs.</summary>
public static class Slashing
{
    /// <summary>S min(1, 5 % 2^level + 3 max(0, share - 1/N)), in whole cents.</summary>
    /// <param name="stakeCents">S.</param>
    /// <param name="level">How often the member was slashed before.</param>
    /// <param name="slashedShare">
    /// Share of all stake at risk that is slashed with it, its own included, in [0, 1].
    /// </param>
    /// <param name="members">N: members with stake at risk, at least 1.</param>
    /// <param name="parameters">Share, and weight of correlation.</param>
    public static long Amount(long stakeCents, int level, double slashedShare, int members, Parameters parameters)
    {
        var share = parameters.SlashShare;
        for (var doubling = 0; doubling < level && share < 1; doubling++)
        {
            share *= 2;
        }

        share += parameters.CorrelationFactor * Math.Max(0, slashedShare - (1.0 / members));
        return Units.ShareOf(stakeCents, Math.Min(1, share));
    }
}
