using System.Globalization;
using System.Text;

namespace Shop.Web.Storefront;

/// <summary>Words of the catalogue that somebody may have meant who searched and found nothing.</summary>
public static class Suggestions
{
    /// <summary>Most words that are suggested.</summary>
    private const int Most = 3;

    /// <summary>A shorter word resembles too many others.</summary>
    private const int ShortestWord = 3;

    /// <summary>Longer texts are no typing errors; and the comparison takes the product of two lengths.</summary>
    private const int LongestWord = 30;

    /// <summary>Most words of a search that are looked at.</summary>
    private const int MostSearched = 5;

    /// <summary>The words of <paramref name="names"/> that are nearest to those of <paramref name="search"/>. Pure.</summary>
    /// <param name="search">What was searched for.</param>
    /// <param name="names">Names of products.</param>
    /// <returns>At most three, nearest first, as they stand in the names.</returns>
    public static IReadOnlyList<string> For(string search, IEnumerable<string> names)
    {
        var searched = WordsOf(search).Take(MostSearched).Select(Plain).ToArray();
        if (searched.Length == 0)
        {
            return [];
        }

        return
        [
            .. names
                .SelectMany(WordsOf)
                .DistinctBy(Plain, StringComparer.Ordinal)
                .Select(word => (Word: word, Distance: searched.Min(wanted => Distance(wanted, Plain(word)) ?? Far)))
                .Where(near => near.Distance < Far)
                .OrderBy(near => near.Distance)
                .ThenBy(near => near.Word, StringComparer.OrdinalIgnoreCase)
                .Take(Most)
                .Select(near => near.Word),
        ];
    }

    private const int Far = int.MaxValue;

    private static IEnumerable<string> WordsOf(string text) =>
        text.Split(
                (char[])[.. text.Where(letter => !char.IsLetter(letter)).Distinct()],
                StringSplitOptions.RemoveEmptyEntries
            )
            .Where(word => word.Length is >= ShortestWord and <= LongestWord);

    /// <summary>Without case and accents, as the shop searches.</summary>
    private static string Plain(string word) =>
        string.Concat(
                word.Normalize(NormalizationForm.FormD)
                    .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            )
            .ToLowerInvariant();

    /// <summary>Letters to change, drop or insert; null where they are too many for a typing error.</summary>
    private static int? Distance(string wanted, string word)
    {
        var allowed = wanted.Length < 6 ? 1 : 2;
        if (Math.Abs(wanted.Length - word.Length) > allowed)
        {
            return null;
        }

        // Levenshtein's table, one row at a time.
        var row = Enumerable.Range(0, word.Length + 1).ToArray();
        for (var i = 1; i <= wanted.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= word.Length; j++)
            {
                var cost = wanted[i - 1] == word[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], left));
                (diagonal, row[j], left) = (row[j], cost, cost);
            }
        }

        return row[^1] <= allowed ? row[^1] : null;
    }
}
