using System.Text;

namespace Consensus.Bench;

/// <summary>Where this repository is on disk, and its document of figures.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Workshop.sln</c>.</summary>
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Puts a table into docs/performance.md, where the last one was.</summary>
    /// <param name="marker">For example <c>bench/consensus predict</c>.</param>
    /// <param name="table">Markdown.</param>
    internal static void Save(string marker, string table)
    {
        var path = Path.Combine(Root, "docs", "performance.md");
        var text = File.ReadAllText(path);
        var begin = After(text, $"<!-- {marker}: begin -->");
        var end = After(text, $"<!-- {marker}: end -->") - $"<!-- {marker}: end -->".Length;
        File.WriteAllText(path, $"{text[..begin]}\n{table}{text[end..]}", new UTF8Encoding(false));
    }

    private static int After(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var index and >= 0
            ? index + mark.Length
            : throw new InvalidOperationException($"docs/performance.md has lost its mark {mark}.");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Workshop.sln"))
            ? folder
            : Find(
                Path.GetDirectoryName(folder)
                    ?? throw new InvalidOperationException("The benchmark runs outside the repository.")
            );
}
