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

    /// <summary>What measures is in <c>bench</c>: a test writes no document.</summary>
    [Fact]
    public void No_test_writes_a_document() =>
        Assert.DoesNotContain(
            SourceTree
                .CSharpFiles()
                .Where(file => file.StartsWith("Workshop.Tests/", StringComparison.Ordinal))
                .Where(file => !file.EndsWith("/StyleTests.cs", StringComparison.Ordinal))
                .SelectMany(SourceTree.Lines),
            line => line.Contains("FigureDocument.Write(", StringComparison.Ordinal)
        );

    /// <summary>
    /// What nobody awaits goes through <c>Background</c>, which loses no exception. Left out are discards that are no work:
    /// what a value costs to read, a return code, and one of the host's, which logs all that it throws and has no
    /// <c>Background</c>.
    /// </summary>
    [Fact]
    public void No_work_is_left_to_itself()
    {
        string[] known =
        [
            "_ = element.GetString();",
            "_ = member.Name;",
            "_ = Close(descriptor);",
            "_ = CopyUnlessItFollows(services, ct);",
        ];
        var alone = SourceTree
            .CSharpFiles()
            .Where(file => file.Split('/')[0] is not ("Workshop.Tests" or "bench" or "samples"))
            .Where(file => !file.EndsWith("/Loops/Background.cs", StringComparison.Ordinal))
            .SelectMany(file => SourceTree.Lines(file).Select(line => (file, line: line.Trim())))
            .Where(entry =>
                entry.line.Contains("async void", StringComparison.Ordinal)
                || entry.line.Contains("ContinueWith(", StringComparison.Ordinal)
                || entry.line.StartsWith("_ = ", StringComparison.Ordinal)
            )
            .Where(entry => !known.Contains(entry.line, StringComparer.Ordinal));

        Assert.Empty(alone);
    }
}
