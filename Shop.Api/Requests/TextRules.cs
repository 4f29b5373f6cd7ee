using System.Text;

namespace Shop.Api.Requests;

/// <summary>
/// What text the shop can keep. Length is counted in characters as people and PostgreSQL count them: code points.
/// </summary>
internal static class TextRules
{
    /// <summary>True if a database can store it: no NUL, and no half of a surrogate pair.</summary>
    public static bool IsStorable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0 || (rune == Rune.ReplacementChar && !text.Contains('\uFFFD', StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Number of code points.</summary>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }
}
