using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>One member's claim on a pot.</summary>
/// <param name="Name">Who; decides between equal remainders.</param>
/// <param name="StakeCents">S, capped.</param>
/// <param name="Merit">W q, in [0, 1].</param>
public sealed record Claim(string Name, long StakeCents, double Merit);

/// <summary>What good answers earn.</summary>
public static class Rewards
{
    /// <summary>How far a share lies above chance, scaled to [0, 1]; 0 where chance is already certain.</summary>
    public static double AboveChance(double share, double chance) =>
        chance >= 1 ? 0 : Math.Max(0, (share - chance) / (1 - chance));

    /// <summary>
    /// The agreement that the best constant answer would have had: the share of the commonest class. Measured against
    /// this, and not against 1/K, a constant answer earns nothing even where the classes are uneven.
    /// </summary>
    /// <param name="consensus">Class that the others chose, per row.</param>
    /// <param name="classCount">K.</param>
    public static double BestConstant(ReadOnlySpan<int> consensus, int classCount)
    {
        if (consensus.IsEmpty)
        {
            return 1;
        }

        var counts = new int[classCount];
        foreach (var label in consensus)
        {
            counts[label]++;
        }

        return (double)counts.Max() / consensus.Length;
    }

    /// <summary>The same for values: the most bands that any one value lies in.</summary>
    /// <param name="bands">Lower and upper end per row, in cents, both included.</param>
    public static double BestConstant(ReadOnlySpan<(double Low, double High)> bands)
    {
        if (bands.IsEmpty)
        {
            return 1;
        }

        var lows = new double[bands.Length];
        var highs = new double[bands.Length];
        for (var index = 0; index < bands.Length; index++)
        {
            (lows[index], highs[index]) = bands[index];
        }

        Array.Sort(lows);
        Array.Sort(highs);
        var closed = 0;
        var most = 0;
        for (var opened = 0; opened < lows.Length; opened++)
        {
            // A band opens before another closes at the same point, since both ends are included.
            while (highs[closed] < lows[opened])
            {
                closed++;
            }

            most = Math.Max(most, opened + 1 - closed);
        }

        return (double)most / bands.Length;
    }

    /// <summary>Shares a pot in proportion to S W q, in whole cents, by largest remainder.</summary>
    /// <param name="potCents">What there is to share.</param>
    /// <param name="claims">In any order.</param>
    /// <returns>
    /// Cents by name, only of those that get any; they add to the pot, or to 0 where nobody has a claim.
    /// </returns>
    public static ImmutableSortedDictionary<string, long> Share(long potCents, IReadOnlyCollection<Claim> claims)
    {
        var units = claims
            .Select(claim => (claim.Name, Units: (Int128)claim.StakeCents * Units.ToMillionths(claim.Merit)))
            .Where(claim => claim.Units > 0)
            .ToArray();
        var total = units.Aggregate(Int128.Zero, (sum, claim) => sum + claim.Units);
        var shares = units
            .Select(claim => (claim.Name, Exact: potCents * claim.Units))
            .Select(claim => (claim.Name, Cents: (long)(claim.Exact / total), Remainder: claim.Exact % total))
            .OrderByDescending(share => share.Remainder)
            .ThenBy(share => share.Name, StringComparer.Ordinal)
            .ToArray();
        var left = total == 0 ? 0 : potCents - shares.Sum(share => share.Cents);
        return shares
            .Select((share, rank) => (share.Name, Cents: share.Cents + (rank < left ? 1 : 0)))
            .Where(share => share.Cents > 0)
            .ToImmutableSortedDictionary(share => share.Name, share => share.Cents, StringComparer.Ordinal);
    }
}
