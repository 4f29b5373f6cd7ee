namespace Workshop.Ledger.Mechanism;

/// <summary>
/// u: how much of what a member says nobody else says. Copies share one voice: they deviate from the pool together,
/// which is seen without knowing the truth. Krogh and Vedelsby 1995 have the identity behind it: the loss of a mix is the
/// mean loss less the spread.
/// </summary>
internal static class Originality
{
    /// <summary>The pool is what is left when copies count once; so often it is found anew.</summary>
    private const int Rounds = 3;

    /// <summary>Two members that never left the pool are alike.</summary>
    private const double Nothing = 1e-12;

    /// <summary>u_i = 1 / (1 + sum over voters j of k_ij^2 B_j w_j / median B).</summary>
    /// <param name="candidates">Sorted by name.</param>
    /// <param name="comparison">Of the same members.</param>
    /// <param name="quality">w of each.</param>
    /// <returns>In (0, 1]: 1 for a voice of its own, 1/n for each of n copies of a member with the median backing.</returns>
    internal static double[] Of(ReadOnlySpan<Candidate> candidates, Comparison comparison, ReadOnlySpan<double> quality)
    {
        var originality = new double[candidates.Length];
        Array.Fill(originality, 1);
        var voters = Voters(candidates);
        var median = MedianBacking(candidates, voters);
        if (median <= 0)
        {
            return originality;
        }

        var weights = new double[candidates.Length];
        for (var index = 0; index < weights.Length; index++)
        {
            weights[index] = candidates[index].Backing * quality[index];
        }

        for (var round = 0; round < Rounds; round++)
        {
            var deviations = Deviations(comparison, voters, weights, originality);
            for (var index = 0; index < originality.Length; index++)
            {
                originality[index] = 1 / (1 + (Alike(comparison, deviations, weights, voters, index) / median));
            }
        }

        return originality;
    }

    /// <summary>k_ij = max(0, (d_i + d_j - D_ij) / (d_i + d_j)): the correlation of two deviations from the pool.</summary>
    internal static double Correlation(double first, double second, double distance)
    {
        var both = first + second;
        return both <= Nothing ? 1 : Math.Max(0, (both - distance) / both);
    }

    /// <summary>The weight of the voters that say the same as one member.</summary>
    private static double Alike(
        Comparison comparison,
        double[] deviations,
        double[] weights,
        ReadOnlySpan<int> voters,
        int member
    )
    {
        var alike = 0.0;
        foreach (var other in voters)
        {
            if (other != member)
            {
                var correlation = Correlation(
                    deviations[member],
                    deviations[other],
                    comparison.Distance(member, other)
                );
                alike += correlation * correlation * weights[other];
            }
        }

        return alike;
    }

    /// <summary>d: mean squared distance of each member from the pool, from the distances between members alone.</summary>
    private static double[] Deviations(
        Comparison comparison,
        ReadOnlySpan<int> voters,
        double[] weights,
        double[] originality
    )
    {
        var total = 0.0;
        foreach (var voter in voters)
        {
            total += weights[voter] * originality[voter];
        }

        var deviations = new double[weights.Length];
        if (total <= 0)
        {
            return deviations;
        }

        for (var index = 0; index < deviations.Length; index++)
        {
            foreach (var voter in voters)
            {
                var share = weights[voter] * originality[voter] / total;
                deviations[index] += share * comparison.Distance(index, voter);
            }
        }

        var spread = 0.0;
        foreach (var voter in voters)
        {
            spread += weights[voter] * originality[voter] / total * deviations[voter];
        }

        for (var index = 0; index < deviations.Length; index++)
        {
            deviations[index] = Math.Max(0, deviations[index] - (spread / 2));
        }

        return deviations;
    }

    private static int[] Voters(ReadOnlySpan<Candidate> candidates)
    {
        var voters = new List<int>(candidates.Length);
        for (var index = 0; index < candidates.Length; index++)
        {
            if (candidates[index].Votes)
            {
                voters.Add(index);
            }
        }

        return [.. voters];
    }

    private static double MedianBacking(ReadOnlySpan<Candidate> candidates, int[] voters)
    {
        var backings = new double[voters.Length];
        for (var index = 0; index < voters.Length; index++)
        {
            backings[index] = candidates[voters[index]].Backing;
        }

        Array.Sort(backings);
        return backings.Length == 0 ? 0 : backings[(backings.Length - 1) / 2];
    }
}
