using Workshop.Tests.Architecture;

namespace Workshop.Tests.Failover;

/// <summary>docs/storage.md, in which each part has its place between two markers.</summary>
internal static class FigureDocument
{
    private static string FilePath => Path.Combine(SourceTree.Root, "docs", "storage.md");

    /// <summary>Puts a part's table in the place of the old one.</summary>
    /// <exception cref="InvalidOperationException">The document has no such place.</exception>
    public static void Write(string part, string table) =>
        File.WriteAllText(FilePath, Replace(File.ReadAllText(FilePath), part, table));

    /// <summary>The document with another table between a part's markers.</summary>
    /// <exception cref="InvalidOperationException">It has not both markers, in this order.</exception>
    internal static string Replace(string document, string part, string table)
    {
        var (begin, end) = ($"<!-- failover {part}: begin -->", $"<!-- failover {part}: end -->");
        var from = document.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : document.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0
            ? throw new InvalidOperationException($"docs/storage.md lacks '{begin}' or '{end}'.")
            : $"{document[..(from + begin.Length)]}\n{table.Trim()}\n{document[to..]}";
    }
}
