using System.Globalization;
using System.Xml.Linq;

namespace Workshop.Tests.Reports;

/// <summary>
/// The end of a run: where the time went, every failure once more, short, since a log that is cut keeps its last lines, then
/// the count.
/// </summary>
internal static class ResultsCommand
{
    private const int MessageLines = 12;
    private const int TraceLines = 6;
    private const int OutputLines = 8;
    private const int LineLength = 300;
    private const int Detailed = 8;
    private const int Slowest = 10;

    /// <summary>Reads the reports that the arguments name.</summary>
    /// <returns>0 when at least one test passed and none failed.</returns>
    internal static async Task<int> Run(string[] args)
    {
        if (args.Length == 0)
        {
            await Console.Error.WriteLineAsync("results: the reports of a run are wanted: results FILE...");
            return 2;
        }
        var report = TestReport.Read(new XElement("run", args.Select(file => XElement.Load(file))));
        foreach (var line in Lines(report))
        {
            await Console.Out.WriteLineAsync(line);
        }
        return report.Succeeded ? 0 : 1;
    }

    /// <summary>
    /// What is printed of a report: the slowest classes, the first failures with their details, the others by name, the count.
    /// </summary>
    internal static IEnumerable<string> Lines(TestReport report) =>
        [
            .. report.Seconds.Take(Slowest).Where(time => time.Seconds >= 1).Select(Time),
            .. report.Failures.Take(Detailed).SelectMany(Details),
            .. report.Failures.Skip(Detailed).Select(Title),
            report.Summary,
        ];

    private static IEnumerable<string> Details(TestFailure failure) =>
        [
            Title(failure),
            .. Indented(failure.Message.Split('\n').Take(MessageLines)),
            .. Indented(failure.Trace.Split('\n').Take(TraceLines)),
            .. Indented(failure.Output.Split('\n').TakeLast(OutputLines)),
        ];

    private static string Time((string Class, double Seconds) sum) =>
        string.Create(CultureInfo.InvariantCulture, $"{sum.Seconds, 5:0} s {sum.Class}");

    private static string Title(TestFailure failure) => $"FAILED {failure.Name}";

    private static IEnumerable<string> Indented(IEnumerable<string> lines) =>
        lines
            .Select(line => line.TrimEnd())
            .Where(line => line.Length > 0)
            .Select(line => $"    {(line.Length > LineLength ? line[..LineLength] : line)}");
}
