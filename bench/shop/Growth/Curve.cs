using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace ShopBench.Growth;

/// <summary>
/// How long one thing takes, or how often it is done, by how much there is: a row of figures for each thing, a column for each
/// size.
/// </summary>
/// <param name="Unit">Of what there is more and more.</param>
/// <param name="Sizes">Smallest first.</param>
/// <param name="Figure">What the figures are.</param>
internal sealed record Curve(string Unit, IReadOnlyList<long> Sizes, string Figure = "p50, ms")
{
    private const int WarmUps = 50;

    private const int Requests = 50;

    /// <summary>Longest time for one figure; what is slow gets fewer requests, and at least three.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const int FewestRequests = 3;

    private readonly Dictionary<string, List<double?>> rows = new(StringComparer.Ordinal);

    /// <summary>Adds a figure, as of a request's median; null where there is nothing to ask for at this size.</summary>
    /// <param name="what">The row.</param>
    /// <param name="figure">The figure.</param>
    public void Add(string what, double? figure)
    {
        if (!rows.TryGetValue(what, out var row))
        {
            rows[what] = row = [];
        }

        row.Add(figure);
        var shown = figure?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
        Console.Error.WriteLine($"{Number(Sizes[row.Count - 1])} {Unit}: {what}: {shown} ({Figure})");
    }

    /// <summary>Markdown.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"| {Figure}; {Unit}: |");
        text.AppendLine(string.Concat(Sizes.Select(size => $" {Number(size)} |")) + " last : first |");
        text.AppendLine("| --- |" + string.Concat(Sizes.Select(_ => " ---: |")) + " ---: |");
        foreach (var (what, row) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {what} |");
            foreach (var figure in row)
            {
                text.Append(CultureInfo.InvariantCulture, $" {figure:F2} |");
            }

            var known = row.OfType<double>().ToList();
            // One figure, or none, does not grow: with few products there is no page 1,000.
            double? growth = known is [var first, .., var last] ? last / first : null;
            text.AppendLine(CultureInfo.InvariantCulture, $" {growth:F1} |");
        }

        return text.ToString();
    }

    /// <summary>The median time of a page that is read again and again.</summary>
    /// <param name="http">The shop.</param>
    /// <param name="path">What is read.</param>
    /// <param name="ct">Ends the wait.</param>
    public static Task<double> Median(HttpClient http, string path, CancellationToken ct) =>
        Median(_ => http.GetAsync(new Uri(path, UriKind.Relative), ct), HttpStatusCode.OK, ct);

    /// <summary>The median time of a request, one after the other.</summary>
    /// <param name="send">Sends the request of that number.</param>
    /// <param name="expected">The status of each answer; another one ends the run.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<double> Median(
        Func<int, Task<HttpResponseMessage>> send,
        HttpStatusCode expected,
        CancellationToken ct
    )
    {
        var times = new List<double>(Requests);
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < WarmUps + Requests; number++)
        {
            ct.ThrowIfCancellationRequested();
            var sent = Stopwatch.GetTimestamp();
            using var answer = await send(number);
            await answer.Content.ReadAsByteArrayAsync(ct);
            if (answer.StatusCode != expected)
            {
                throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {answer.StatusCode}");
            }

            if (number >= WarmUps || Stopwatch.GetElapsedTime(began) > Limit)
            {
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }

            if (times.Count >= FewestRequests && Stopwatch.GetElapsedTime(began) > Limit)
            {
                break;
            }
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static string Number(long size) => size.ToString("N0", CultureInfo.InvariantCulture);
}
