namespace Workshop.Figures;

/// <summary>A document of docs/, in which each measured table has its place between two marks.</summary>
internal static class FigureDocument
{
    /// <summary>Puts a table in the place of the old one.</summary>
    /// <param name="document">For example <c>performance.md</c>.</param>
    /// <param name="mark">For example <c>bench/shop</c>.</param>
    /// <param name="table">Markdown.</param>
    /// <exception cref="InvalidOperationException">The document has no such place.</exception>
    internal static void Write(string document, string mark, string table)
    {
        var path = Path.Combine(Repository.Root, "docs", document);
        File.WriteAllText(path, Replace(File.ReadAllText(path), mark, table));
    }

    /// <summary>The text with another table between a mark's begin and end.</summary>
    /// <exception cref="InvalidOperationException">It has not both, in this order.</exception>
    internal static string Replace(string text, string mark, string table)
    {
        var (begin, end) = ($"<!-- {mark}: begin -->", $"<!-- {mark}: end -->");
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0
            ? throw new InvalidOperationException($"The document lacks '{begin}' or '{end}'.")
            : $"{text[..(from + begin.Length)]}\n{table.Trim()}\n{text[to..]}";
    }
}
