using System.Text.RegularExpressions;
using Xunit;

namespace Workshop.Tests.Architecture;

/// <summary>docs/vocabulary.md says which word stands for which idea, and here its words are looked for.</summary>
public sealed class VocabularyTests
{
    [Fact]
    public void A_word_that_the_vocabulary_replaces_stands_nowhere()
    {
        var rows = Rows().Where(row => row.Folders.Length > 0).ToArray();
        var found =
            from row in rows
            from file in SourceTree.CSharpFiles()
            where row.Folders.Any(folder => file.StartsWith($"{folder}/", StringComparison.Ordinal))
            from line in SourceTree.Lines(file)
            let text = row.Allowed.Aggregate(line, (rest, name) => rest.Replace(name, "", StringComparison.Ordinal))
            from word in row.Instead
            where Holds(text, word)
            select $"{file}: {word}, which is {row.Word}: {line.Trim()}";

        Assert.True(rows.Length >= 5, "The table could not be read.");
        Assert.Empty(found);
    }

    [Fact]
    public void Each_word_stands_there_once()
    {
        var words = Rows().Select(row => row.Word).ToArray();

        Assert.Equal(words.Length, words.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>As a word of its own or as a part of a name; "warmed" is not "armed".</summary>
    private static bool Holds(string text, string word) =>
        Regex.IsMatch(
            text,
            $"(?<![A-Za-z]){word}|{char.ToUpperInvariant(word[0])}{word[1..]}",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );

    private static IEnumerable<Row> Rows() =>
        from line in File.ReadLines(Path.Combine(SourceTree.Root, "docs", "vocabulary.md"))
        where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| word", StringComparison.Ordinal)
        let cells = line.Split('|').Select(cell => cell.Trim()).ToArray()
        where cells.Length is 7 && !cells[1].StartsWith("---", StringComparison.Ordinal)
        select new Row(cells[1], Words(cells[3]), Words(cells[4]), Words(cells[5]));

    private static string[] Words(string cell) =>
        cell.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => word.Trim('`'))
            .ToArray();

    private sealed record Row(string Word, string[] Instead, string[] Folders, string[] Allowed);
}
