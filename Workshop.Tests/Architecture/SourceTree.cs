using System.Text.RegularExpressions;
using Workshop.Figures;

namespace Workshop.Tests.Architecture;

/// <summary>The repository's own source files, as they stand on disk.</summary>
internal static partial class SourceTree
{
    /// <summary>The folder that holds <c>Workshop.sln</c>.</summary>
    internal static string Root => Repository.Root;

    /// <summary>All C# files that people wrote, as paths relative to <see cref="Root"/> with forward slashes.</summary>
    internal static IEnumerable<string> CSharpFiles() =>
        Directory
            .EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !NotWrittenByPeople().IsMatch(file))
            .Order(StringComparer.Ordinal);

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    [GeneratedRegex(
        "(^|/)(artifacts|obj|bin|node_modules|Migrations|\\.workshop)/",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NotWrittenByPeople();
}
