using System.Globalization;

namespace Shop.Web.Site;

/// <summary>A whole number as it comes in a form, where any text may come.</summary>
public static class WholeNumber
{
    /// <summary>Reads digits, with or without white space around them; no sign, no separators.</summary>
    /// <param name="entered">Any text.</param>
    /// <param name="least">Least that is taken, at least 0.</param>
    /// <param name="most">Most that is taken.</param>
    /// <returns>The number; null when it is none or lies outside.</returns>
    public static int? Read(string? entered, int least, int most) =>
        int.TryParse(entered?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : null;
}
