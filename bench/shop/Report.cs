using System.Globalization;
using System.Text;

namespace ShopBench;

/// <summary>The table of docs/performance.md.</summary>
internal static class Report
{
    private const string Begin = "<!-- bench/shop: begin -->";

    private const string End = "<!-- bench/shop: end -->";

    /// <summary>Requests per second and, what counts, their ratios.</summary>
    public static string Write(IReadOnlyList<Result> results, double bytesPerProductRead, int seconds)
    {
        var text = new StringBuilder();
        text.AppendLine("| route | connections | shop /s | express /s | Npgsql /s | shop : express | shop : Npgsql |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var row in results.GroupBy(result => (result.Route, result.Connections)))
        {
            double Of(string contender) =>
                row.Single(result => contender.Equals(result.Contender, StringComparison.Ordinal)).PerSecond;
            var (shop, peer, direct) = (Of("shop"), Of("peer"), Of("direct"));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key.Route} | {row.Key.Connections} ");
            text.Append(CultureInfo.InvariantCulture, $"| {shop:F0} | {peer:F0} | {direct:F0} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {shop / peer:F2} | {shop / direct:F2} |");
        }

        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Allocated by the shop per product read: {bytesPerProductRead:F0} bytes."
        );
        text.Append(CultureInfo.InvariantCulture, $"Medians of {Measurement.Rounds} rounds of {seconds} s, ");
        text.Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, ");
        text.AppendLine("load and servers on the same machine.");
        return text.ToString();
    }

    /// <summary>Puts the table where the last one was.</summary>
    public static void Save(string report)
    {
        var path = Path.Combine(Repository.Root, "docs", "performance.md");
        var text = File.ReadAllText(path);
        var (begin, end) = (
            text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length,
            text.IndexOf(End, StringComparison.Ordinal)
        );
        File.WriteAllText(path, $"{text[..begin]}\n{report}{text[end..]}");
    }
}
