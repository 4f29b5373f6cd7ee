using System.Text.RegularExpressions;
using Xunit;

namespace Workshop.Tests.Architecture;

/// <summary>The map of docs/architecture.md shows the rooms that are there.</summary>
public sealed partial class MapTests
{
    private const string Map = "docs/architecture.md";

    [Fact]
    public void Every_room_is_on_the_map_and_every_room_of_the_map_is_there()
    {
        var rows = SourceTree
            .Lines(Map)
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`'))
            .Where(parts => Directory.Exists(Path.Combine(SourceTree.Root, parts[1])))
            .ToDictionary(parts => parts[1], Rooms, StringComparer.Ordinal);
        var built = SourceTree
            .CSharpFiles()
            .Select(file => file.Split('/'))
            .Where(path => rows.ContainsKey(path[0]) && path[0] is not "Workshop.Tests" && path.Length > 2)
            .Select(path => $"{path[0]}/{path[1]}")
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var shown = rows.SelectMany(row => row.Value.Select(room => $"{row.Key}/{room}")).ToArray();

        Assert.True(rows.Count > 6, "The map has the solution's projects.");
        Assert.Empty(built.Except(shown, StringComparer.Ordinal));
        Assert.All(shown, room => Assert.True(Directory.Exists(Path.Combine(SourceTree.Root, room)), room));
    }

    [Fact]
    public void Every_step_of_a_journey_is_where_the_map_says()
    {
        var named = Step().Matches(string.Join('\n', SourceTree.Lines(Map)));

        Assert.True(named.Count > 20, "The map has three journeys.");
        Assert.All(
            named,
            step =>
            {
                var file = Path.Combine(SourceTree.Root, step.Groups["file"].Value);
                Assert.True(File.Exists(file), file);
                Assert.Contains(step.Groups["member"].Value, File.ReadAllText(file), StringComparison.Ordinal);
            }
        );
    }

    /// <summary>A file, and mostly what is found in it.</summary>
    [GeneratedRegex("`(?<file>[^`]+/[^`]+\\.cs)`( `(?<member>\\w+)`)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Step();

    /// <summary>The names in the third column, which end with a slash.</summary>
    private static string[] Rooms(string[] parts) =>
        [.. parts.Skip(2).Where(part => part.EndsWith('/')).Select(part => part.TrimEnd('/'))];
}
