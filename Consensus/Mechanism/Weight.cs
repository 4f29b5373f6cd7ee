namespace Consensus.Mechanism;

/// <summary>What a member's word counts.</summary>
public static class Weight
{
    /// <summary>
    /// clip( ln((K-1) p / (1-p)) / ln((K-1) p' / (1-p')), 0, 1 ) with p' the highest estimate (0.95, so the divisor is
    /// ln((K-1) 19)): the log-odds weight of optimal weighted voting (Nitzan and Paroush 1982), scaled to [0, 1].
    /// </summary>
    /// <param name="estimate">p, in [0, 1).</param>
    /// <param name="classCount">K, at least 2.</param>
    /// <param name="parameters">Highest estimate.</param>
    /// <returns>0 at chance (1/K) and below, 1 at the highest estimate.</returns>
    public static double Of(double estimate, int classCount, Parameters parameters)
    {
        if (estimate * classCount <= 1)
        {
            return 0;
        }

        var full = LogOdds(parameters.EstimateMaximum, classCount);
        return Math.Clamp(LogOdds(estimate, classCount) / full, 0, 1);
    }

    private static double LogOdds(double estimate, int classCount) =>
        NaturalLogarithm.Of((classCount - 1) * estimate / (1 - estimate));
}
