namespace LaboratoryBench.Chaos;

/// <summary>What the buyers felt of a fault.</summary>
public static class Gaps
{
    /// <summary>How long after a fault its effect may begin and still be its own.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest time between two acknowledged purchases of anybody, where at least one lies within <see cref="Window"/>
    /// after the fault: with shoppers who keep coming, that is for how long nobody could buy. A silence that holds the next
    /// fault is the next one's, unless nobody had bought between the two.
    /// </summary>
    /// <param name="acknowledged">When purchases were acknowledged, in rising order.</param>
    /// <param name="faultAt">When the fault was done.</param>
    /// <param name="nextAt">When the next fault was done; null for none.</param>
    /// <returns>The gap; null if nothing was bought after the fault.</returns>
    public static TimeSpan? After(IReadOnlyList<TimeSpan> acknowledged, TimeSpan faultAt, TimeSpan? nextAt = null)
    {
        TimeSpan? longest = null;
        for (var index = 1; index < acknowledged.Count; index++)
        {
            var (from, to) = (acknowledged[index - 1], acknowledged[index]);
            var isNexts = to > nextAt && from > faultAt;
            if (to > faultAt && from < faultAt + Window && !isNexts)
            {
                var gap = to - from;
                longest = longest is { } known && known > gap ? known : gap;
            }
        }

        return longest;
    }

    /// <summary>The value below which the share <paramref name="quantile"/> of the values lies: nearest rank.</summary>
    /// <param name="values">In any order, at least one.</param>
    /// <param name="quantile">0 to 1.</param>
    /// <returns>One of the values.</returns>
    public static TimeSpan Quantile(IReadOnlyCollection<TimeSpan> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
