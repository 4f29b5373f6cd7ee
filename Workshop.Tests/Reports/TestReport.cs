using System.Globalization;
using System.Xml.Linq;

namespace Workshop.Tests.Reports;

/// <summary>One test, or one clean-up, that failed.</summary>
/// <param name="Name">The test's display name; of an error what was being done, or to what.</param>
/// <param name="Message">What the assertion or exception says.</param>
/// <param name="Trace">Its stack, a frame per line; empty where there is none.</param>
/// <param name="Output">What the test wrote; empty when nothing.</param>
internal sealed record TestFailure(string Name, string Message, string Trace, string Output);

/// <summary>What a run of the tests came to, read from the runner's XML report (xunit's v2+ schema).</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Skipped">Tests that were skipped.</param>
/// <param name="Failures">Tests and clean-ups that failed, in the report's order.</param>
/// <param name="Seconds">How long the tests of each class took together, the slowest class first.</param>
internal sealed record TestReport(
    int Passed,
    int Skipped,
    IReadOnlyList<TestFailure> Failures,
    IReadOnlyList<(string Class, double Seconds)> Seconds
)
{
    /// <summary>A report without a passed test proves nothing: it is no success either.</summary>
    internal bool Succeeded => Passed > 0 && Failures.Count == 0;

    /// <summary>The line that ends a run.</summary>
    internal string Summary
    {
        get
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failures.Count} failed");
            return Skipped == 0 ? line : string.Create(CultureInfo.InvariantCulture, $"{line}, {Skipped} skipped");
        }
    }

    /// <summary>Reads a report.</summary>
    /// <exception cref="FormatException">A test has no result.</exception>
    internal static TestReport Read(XElement assemblies)
    {
        var tests = assemblies.Descendants("test").ToList();
        var failures = tests
            .Where(test => Result(test) is "Fail")
            .Concat(assemblies.Descendants("error"))
            .Select(Failure)
            .ToList();
        var seconds = tests
            .GroupBy(
                test => (string?)test.Attribute("type") ?? "",
                test => (double?)test.Attribute("time") ?? 0,
                StringComparer.Ordinal
            )
            .Select(times => (Class: times.Key, Seconds: times.Sum()))
            .OrderByDescending(sum => sum.Seconds)
            .ToList();
        return new(
            tests.Count(test => Result(test) is "Pass"),
            tests.Count(test => Result(test) is "Skip"),
            failures,
            seconds
        );
    }

    private static string Result(XElement test) =>
        (string?)test.Attribute("result")
        ?? throw new FormatException($"A test has no result: {test.Attribute("name")}");

    private static TestFailure Failure(XElement failed)
    {
        var failure = failed.Element("failure");
        return new(
            ((string?)failed.Attribute("name") ?? (string?)failed.Attribute("type")) ?? "",
            failure?.Element("message")?.Value.Trim() ?? "",
            failure?.Element("stack-trace")?.Value.TrimEnd() ?? "",
            failed.Element("output")?.Value.TrimEnd() ?? ""
        );
    }
}
