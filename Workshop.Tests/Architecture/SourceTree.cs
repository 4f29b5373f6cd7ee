using System.Text.RegularExpressions;

namespace Workshop.Tests.Architecture;

/// <summary>The repository's own source files, as they stand on disk.</summary>
internal static partial class SourceTree
{
    /// <summary>The folder that holds <c>Workshop.sln</c>.</summary>
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>All C# files that people wrote, as paths relative to <see cref="Root"/> with forward slashes.</summary>
    internal static IEnumerable<string> CSharpFiles() =>
        Directory
            .EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !NotWrittenByPeople().IsMatch(file))
            .Order(StringComparer.Ordinal);

    internal static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Workshop.sln"))
            ? folder
            : FindRoot(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException("The tests run outside the repository.")
            );

    [GeneratedRegex(
        "(^|/)(artifacts|obj|bin|node_modules|Migrations|\\.workshop)/",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NotWrittenByPeople();
}
