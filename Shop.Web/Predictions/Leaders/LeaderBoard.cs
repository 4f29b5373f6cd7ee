namespace Shop.Web.Predictions.Leaders;

/// <summary>A member's place.</summary>
/// <param name="Rank">From 1; who has the same has the same place.</param>
/// <param name="Member">Who.</param>
public sealed record Place(int Rank, Member Member);

/// <summary>Who has gained most, and who is most often right. Pure.</summary>
public static class LeaderBoard
{
    /// <summary>What a member has beyond what it put down, in euros.</summary>
    /// <param name="member">The member.</param>
    public static decimal Gain(Member member) => member.Balance + member.PaidOut - member.Deposited;

    /// <summary>The mean of its accuracies on gold rows, over the networks in which it was asked any; null for none.</summary>
    /// <param name="member">The member.</param>
    public static double? Accuracy(Member member)
    {
        var asked = member.Memberships.Where(one => one.GoldAsked > 0).ToList();
        return asked.Count == 0 ? null : asked.Average(one => one.GoldAccuracy);
    }

    /// <summary>By gain, the richest first.</summary>
    /// <param name="members">All members.</param>
    public static IReadOnlyList<Place> ByMoney(IEnumerable<Member> members) => Rank(members, Gain);

    /// <summary>By accuracy, the best first; those that were not asked yet are left out.</summary>
    /// <param name="members">All members.</param>
    public static IReadOnlyList<Place> ByAccuracy(IEnumerable<Member> members) =>
        Rank(members.Where(member => Accuracy(member) is not null), member => Accuracy(member)!.Value);

    private static List<Place> Rank<T>(IEnumerable<Member> members, Func<Member, T> value)
        where T : IComparable<T>
    {
        var ordered = members.OrderByDescending(value).ThenBy(member => member.Name, StringComparer.Ordinal).ToList();
        return
        [
            .. ordered.Select(member => new Place(
                1 + ordered.Count(other => value(other).CompareTo(value(member)) > 0),
                member
            )),
        ];
    }
}
