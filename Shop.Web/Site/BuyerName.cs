namespace Shop.Web.Site;

/// <summary>A buyer's name as a person reads it: guests have ids that nobody can read.</summary>
public static class BuyerName
{
    private const string Guest = "guest-";

    /// <summary>Of such a long id the end tells one guest from another.</summary>
    private const int Told = 5;

    /// <summary>The name to show for <paramref name="userId"/>.</summary>
    /// <param name="userId">A user id of the shop.</param>
    /// <returns>For example <c>Guest 5a6a0</c>; a name that somebody chose is shown as it is.</returns>
    public static string Of(string userId) =>
        userId.StartsWith(Guest, StringComparison.Ordinal)
        && userId.Length == Guest.Length + 32
        && userId[Guest.Length..].All(char.IsAsciiHexDigitLower)
            ? $"Guest {userId[^Told..]}"
            : userId;
}
