using System.Globalization;
using System.Text;

namespace Shop.Web.Predictions;

/// <summary>Text that a stranger chose, before a page shows it.</summary>
public static class Theirs
{
    /// <summary>One line of at most so many characters, without letters that are not seen or that turn the line around.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="longest">Characters as readers count them.</param>
    /// <returns>The text, or its beginning and an ellipsis.</returns>
    public static string Cut(string? text, int longest)
    {
        var seen = new StringBuilder();
        var letters = StringInfo.GetTextElementEnumerator(text ?? "");
        for (var count = 0; letters.MoveNext(); count++)
        {
            if (count == longest)
            {
                return $"{seen.ToString().TrimEnd()}…";
            }

            seen.Append(Plain(letters.GetTextElement()));
        }

        return seen.ToString();
    }

    /// <summary>Control characters and line ends become spaces; formatting that turns the line around goes.</summary>
    private static string Plain(string letter) =>
        string.Concat(
            letter.Select(unit =>
                char.GetUnicodeCategory(unit) switch
                {
                    UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator =>
                        " ",
                    UnicodeCategory.Format when unit is not '\u200D' => "",
                    _ => unit.ToString(),
                }
            )
        );
}
