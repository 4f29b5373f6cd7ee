using System.Globalization;
using System.Text;
using Workshop.Figures;

namespace ShopBench;

/// <summary>The table of docs/performance.md.</summary>
internal static class Report
{
    private const string Mark = "bench/shop";

    /// <summary>What is wanted of every route, as a multiple of the peer.</summary>
    private const double WantedOverPeer = 2;

    /// <summary>What is wanted of placing an order at <see cref="ManyConnections"/>, as a part of Npgsql alone.</summary>
    private const double WantedOfDirect = 0.5;

    private const int ManyConnections = 32;

    /// <summary>What is wanted of a read, as a part of the bare endpoint.</summary>
    private const double WantedOfBare = 0.8;

    /// <summary>Most bytes that the shop may allocate for a product that is read.</summary>
    private const int WantedBytes = 10_000;

    /// <summary>Requests per second and, what counts, their ratios; and what is wanted beside what was seen.</summary>
    public static string Write(IReadOnlyList<Result> results, double bytesPerProductRead, int seconds)
    {
        var rows = results.GroupBy(result => (result.Route, result.Connections)).Select(Row.Of).ToList();
        var text = new StringBuilder();
        text.AppendLine(
            "| route | connections | shop /s | express /s | Npgsql /s | bare commits /s | bare Kestrel /s "
                + "| shop : express | shop : Npgsql | shop : bare Kestrel |"
        );
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Route} | {row.Connections} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Shop:F0} | {row.Peer:F0} | {row.Direct:F0} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Commit:F0} | {row.Bare:F0} ");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.OverPeer:F2} | {row.OfDirect:F2} | {row.OfBare:F2} |"
            );
        }

        text.AppendLine();
        AddWanted(text, rows, bytesPerProductRead);
        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"Medians of {Measurement.Rounds} rounds of {seconds} s, ");
        text.Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, ");
        text.AppendLine("load and servers on the same machine.");
        return text.ToString();
    }

    private static void AddWanted(StringBuilder text, List<Row> rows, double bytesPerProductRead)
    {
        var order = rows.Single(row => row is { Route: "order", Connections: ManyConnections });
        text.AppendLine("| wanted | seen |");
        text.AppendLine("| --- | --- |");
        text.Append(CultureInfo.InvariantCulture, $"| at least {WantedOverPeer} times express on every route ");
        AddMissed(text, rows, row => row.OverPeer, WantedOverPeer);
        text.Append(CultureInfo.InvariantCulture, $"| a read: at least {WantedOfBare} of bare Kestrel ");
        AddMissed(text, [.. rows.Where(row => row.Bare is not null)], row => row.OfBare!.Value, WantedOfBare);
        text.Append(CultureInfo.InvariantCulture, $"| order at {ManyConnections}: {WantedOfDirect} of Npgsql alone ");
        text.AppendLine(CultureInfo.InvariantCulture, $"| {order.OfDirect:F2} |");
        text.Append(CultureInfo.InvariantCulture, $"| under {WantedBytes} bytes allocated per product read ");
        text.AppendLine(CultureInfo.InvariantCulture, $"| {bytesPerProductRead:F0} |");
    }

    private static void AddMissed(StringBuilder text, List<Row> rows, Func<Row, double> ratio, double wanted)
    {
        var missed = rows.Where(row => ratio(row) < wanted)
            .Select(row =>
                string.Create(CultureInfo.InvariantCulture, $"{row.Route}@{row.Connections} {ratio(row):F2}")
            )
            .ToList();
        text.Append(CultureInfo.InvariantCulture, $"| {rows.Count - missed.Count} of {rows.Count}");
        text.AppendLine(missed.Count == 0 ? " |" : $"; under it: {string.Join(", ", missed)} |");
    }

    /// <summary>All contenders on one route.</summary>
    private sealed record Row(
        string Route,
        int Connections,
        double Shop,
        double Peer,
        double Direct,
        double? Commit,
        double? Bare
    )
    {
        public double OverPeer => Shop / Peer;

        public double OfDirect => Shop / Direct;

        public double? OfBare => Shop / Bare;

        public static Row Of(IGrouping<(string Route, int Connections), Result> results)
        {
            double? Find(string contender) =>
                results
                    .FirstOrDefault(result => contender.Equals(result.Contender, StringComparison.Ordinal))
                    ?.PerSecond;
            double Get(string contender) =>
                Find(contender) ?? throw new InvalidOperationException($"{contender} was not measured.");
            var (route, connections) = results.Key;
            return new(route, connections, Get("shop"), Get("peer"), Get("direct"), Find("commit"), Find("bare"));
        }
    }

    /// <summary>Puts the table where the last one was.</summary>
    public static void Save(string report) => FigureDocument.Write("performance.md", Mark, report);
}
