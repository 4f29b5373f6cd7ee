namespace Shop.Web.Predictions;

/// <summary>Which factor of a weight is low, and why, in words.</summary>
public static class WeightReason
{
    /// <summary>Below this a factor is worth a word.</summary>
    private const double Low = 0.7;

    /// <summary>One sentence on a membership's weight.</summary>
    /// <param name="membership">With its factors.</param>
    public static string Of(Membership membership)
    {
        (double Factor, string Words)[] factors =
        [
            (
                membership.Quality,
                "quality is low: its answers are further from the truth, and from what most say, than those of the best"
            ),
            (
                membership.Originality,
                "originality is low: others give the same answers and err on the same rows, and share one voice with it"
            ),
            (
                membership.ClaimedSkill,
                "claimed skill is low: it vouches for little more than chance, and is believed no further"
            ),
        ];
        var lowest = factors.MinBy(factor => factor.Factor);
        var standing = membership.State is "active"
            ? ""
            : $"It is {membership.State}, so its weight does not count now. ";
        return lowest.Factor < Low ? $"{standing}Its {lowest.Words}." : $"{standing}None of the three factors is low.";
    }
}
