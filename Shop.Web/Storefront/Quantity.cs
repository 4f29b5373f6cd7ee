using Shop.Web.Site;

namespace Shop.Web.Storefront;

/// <summary>How many pieces a reader asked for.</summary>
public static class Quantity
{
    /// <summary>Most pieces of one product in one cart.</summary>
    public const int Most = 1000;

    /// <summary>What is said where the text is no such number.</summary>
    public const string Rule = "Enter a whole number from 1 to 1000.";

    /// <summary>The same of a line that is in the cart already.</summary>
    public const string LineRule = "Enter a whole number from 0 to 1000. With 0 the item leaves the cart.";

    /// <summary>Reads what was entered. More than <see cref="Most"/> is <see cref="Most"/>.</summary>
    /// <param name="entered">Any text.</param>
    /// <returns>0 to <see cref="Most"/>; null when it is no whole number.</returns>
    public static int? Read(string? entered) =>
        entered?.Trim() is not { Length: > 0 } digits || !digits.All(char.IsAsciiDigit)
            ? null
            : WholeNumber.Read(digits.TrimStart('0') is { Length: > 0 } number ? number : "0", 0, Most) ?? Most;
}
