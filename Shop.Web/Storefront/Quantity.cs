using Shop.Web.Site;

namespace Shop.Web.Storefront;

/// <summary>How many pieces a reader asked for.</summary>
public static class Quantity
{
    /// <summary>Most pieces of one product in one cart.</summary>
    public const int Most = 1000;

    /// <summary>What is said where the text is no such number.</summary>
    public const string Rule = "Enter a whole number from 1 to 1000.";

    /// <summary>Reads what was entered.</summary>
    /// <param name="entered">Any text.</param>
    /// <param name="quantity">The number of pieces; 0 when it is none.</param>
    /// <returns>Whether it is a whole number from 1 to <see cref="Most"/>.</returns>
    public static bool TryRead(string? entered, out int quantity) =>
        (quantity = WholeNumber.Read(entered, 1, Most) ?? 0) > 0;
}
