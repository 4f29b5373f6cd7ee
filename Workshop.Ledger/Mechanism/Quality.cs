namespace Workshop.Ledger.Mechanism;

/// <summary>w: how good a member's answers are.</summary>
internal static class Quality
{
    /// <summary>Share of the backing whose excess is the yardstick.</summary>
    private const double BestShare = 0.25;

    /// <summary>w = 1 / (1 + (max(0, E - E_best) / 0.05)^2).</summary>
    /// <param name="excess">E - E_best, in squared distance.</param>
    /// <param name="parameters">The excess at which a member counts half.</param>
    /// <returns>In (0, 1]: full at no excess, half at the halving excess.</returns>
    internal static double Of(double excess, Parameters parameters)
    {
        var ratio = Math.Max(0, excess) / parameters.HalvingExcess;
        return 1 / (1 + (ratio * ratio));
    }

    /// <summary>E_best: the excess that the best quarter of the backing does not exceed; 0 where nobody has backing.</summary>
    /// <param name="candidates">Only those with a vote count.</param>
    /// <param name="excess">Per candidate.</param>
    internal static double BestExcess(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<double> excess)
    {
        var voters = new (double Excess, double Backing)[candidates.Length];
        var count = 0;
        var total = 0.0;
        for (var index = 0; index < candidates.Length; index++)
        {
            if (candidates[index].Votes)
            {
                voters[count++] = (excess[index], candidates[index].Backing);
                total += candidates[index].Backing;
            }
        }

        Array.Sort(voters, 0, count);
        var sum = 0.0;
        for (var index = 0; index < count; index++)
        {
            sum += voters[index].Backing;
            if (sum >= BestShare * total)
            {
                return voters[index].Excess;
            }
        }

        return 0;
    }
}
