namespace Workshop.Ledger.Mechanism;

/// <summary>How often a member is thought to be right: exponentially smoothed agreement.</summary>
public static class AccuracyEstimate
{
    /// <summary>p &lt;- 0.8 p + 0.2 A, at most 0.95.</summary>
    /// <param name="estimate">p before the batch, in [0, 0.95].</param>
    /// <param name="agreement">A, the share of rows agreed on, in [0, 1].</param>
    /// <param name="parameters">Memory and maximum.</param>
    /// <returns>p after the batch.</returns>
    public static double Update(double estimate, double agreement, Parameters parameters) =>
        Math.Min(
            parameters.EstimateMaximum,
            (parameters.EstimateMemory * estimate) + ((1 - parameters.EstimateMemory) * agreement)
        );
}
