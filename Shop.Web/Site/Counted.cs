using System.Globalization;

namespace Shop.Web.Site;

/// <summary>So many of something, in words.</summary>
internal static class Counted
{
    /// <summary>For example <c>1 order</c> and <c>2 orders</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What several are called; the one with an s when null.</param>
    internal static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
