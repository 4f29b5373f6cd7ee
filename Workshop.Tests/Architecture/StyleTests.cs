using Xunit;

namespace Workshop.Tests.Architecture;

/// <summary>What the house style says about files, as tests.</summary>
public sealed class StyleTests
{
    private const int ProgramLines = 30;
    private const int FileLines = 330;
    private const int LineCharacters = 130;

    private static readonly string[] NamesWithoutMeaning = ["Helpers", "Utils", "Utilities", "Managers", "Common"];

    [Fact]
    public void A_service_program_is_a_table_of_contents()
    {
        var tooLong = SourceTree
            .CSharpFiles()
            .Where(file => file.EndsWith("/Program.cs", StringComparison.Ordinal))
            .Where(file => SourceTree.Lines(file).Length > ProgramLines);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_file_is_one_concept_and_fits_on_a_few_screens()
    {
        var tooLong = SourceTree
            .CSharpFiles()
            .Select(file => (file, lines: SourceTree.Lines(file).Length))
            .Where(entry => entry.lines > FileLines);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_line_can_be_read_without_scrolling()
    {
        var tooWide = SourceTree
            .CSharpFiles()
            .SelectMany(file => SourceTree.Lines(file).Select((line, index) => (file, number: index + 1, line)))
            .Where(entry => entry.line.Length > LineCharacters && !IsLiteral(entry.line));

        Assert.Empty(tooWide);
    }

    /// <summary>A sentence in quotes, or a row of markup in a raw literal: cutting it would not make it easier to read.</summary>
    private static bool IsLiteral(string line) => line.TrimStart() is ['"', ..] or ['$', '"', ..] or ['<', ..];

    [Fact]
    public void A_folder_is_named_after_a_capability()
    {
        var unnamed = SourceTree
            .CSharpFiles()
            .Where(file => file.Split('/').SkipLast(1).Intersect(NamesWithoutMeaning, StringComparer.Ordinal).Any());

        Assert.Empty(unnamed);
    }
}
