namespace Shop.Web.Predictions;

/// <summary>
/// Whose a member is. The wire does not tell founders, and this workshop's host starts members of known names only; everybody
/// else is a stranger, whose name is shown as theirs.
/// </summary>
public static class Strangers
{
    /// <summary>What stands beside a stranger's name.</summary>
    public const string Mark = "theirs";

    private static readonly HashSet<string> Founders =
    [
        "predictor-linear",
        "predictor-fasttree",
        "predictor-lightgbm",
        "predictor-forest",
        "predictor-neighbours",
        "predictor-bayes",
    ];

    /// <summary>Whether the host starts no member of this name.</summary>
    /// <param name="name">A member's name.</param>
    public static bool Has(string name) => !Founders.Contains(name) && !IsAttacker(name);

    /// <summary>Whether the host starts it to cheat.</summary>
    /// <param name="name">A member's name.</param>
    public static bool IsAttacker(string name) =>
        PredictionsDefaults.Attackers.Any(one => string.Equals(one.Name, name, StringComparison.Ordinal));

    /// <summary>A member's name where no markup can stand: cut to a length, a stranger's marked.</summary>
    /// <param name="name">A member's name.</param>
    /// <param name="longest">Characters of the name that are shown.</param>
    /// <returns>For example <c>ann (theirs)</c>.</returns>
    public static string Words(string name, int longest = 24) =>
        Has(name) ? $"{Theirs.Cut(name, longest)} ({Mark})" : Theirs.Cut(name, longest);
}
