using System.Xml.Linq;
using Xunit;

namespace Workshop.Tests.Reports;

public sealed class ResultsTests
{
    private const string Passed = """<test name="A.Works" result="Pass" />""";
    private const string Failed = """
        <test name="A.Breaks" type="A" result="Fail">
          <failure exception-type="E"><message>Expected 1
        Seen 2</message><stack-trace>at A.Breaks()</stack-trace></failure>
          <output>what it was doing</output>
        </test>
        """;
    private const string Skipped = """<test name="A.Waits" result="Skip"><reason>no engine</reason></test>""";
    private const string CleanUp = """
        <error type="assembly-cleanup" name="Pair"><failure><message>still running</message></failure></error>
        """;

    [Fact]
    public void AFailureIsToldAgainBeforeTheCount() =>
        Assert.Equal(
            [
                "FAILED A.Breaks",
                "    Expected 1",
                "    Seen 2",
                "    at A.Breaks()",
                "    what it was doing",
                "1 passed, 1 failed",
            ],
            ResultsCommand.Lines(Report(Passed, Failed)),
            StringComparer.Ordinal
        );

    [Fact]
    public void SkippedTestsAreCountedOnlyWhereThereAreSome() =>
        Assert.Equal("1 passed, 0 failed, 1 skipped", Report(Passed, Skipped).Summary);

    [Fact]
    public void ACleanUpThatFailsIsAFailure()
    {
        var report = Report(Passed, CleanUp);

        Assert.False(report.Succeeded);
        Assert.Equal("Pair", Assert.Single(report.Failures).Name);
    }

    [Fact]
    public void ARunInWhichNothingPassedDidNotSucceed() => Assert.False(Report(Skipped).Succeeded);

    [Fact]
    public void ARunInWhichAllPassedSucceeded() => Assert.True(Report(Passed).Succeeded);

    [Fact]
    public void ManyFailuresAreAllNamedAndOnlyTheFirstAreDetailed()
    {
        var lines = ResultsCommand.Lines(Report([.. Enumerable.Repeat(Failed, 20)])).ToList();

        Assert.Equal(20, lines.Count(line => line is "FAILED A.Breaks"));
        Assert.Equal(8, lines.Count(line => line is "    Expected 1"));
    }

    [Fact]
    public void TheSlowestClassesAreToldFirst() =>
        Assert.Equal(
            ["   12 s B", "    3 s A", "4 passed, 0 failed"],
            ResultsCommand.Lines(Report(Timed("A", "1.5"), Timed("B", "12.2"), Timed("A", "1.6"), Timed("C", "0.9"))),
            StringComparer.Ordinal
        );

    private static string Timed(string type, string seconds) =>
        $"""<test name="{type}.Works" type="{type}" time="{seconds}" result="Pass" />""";

    private static TestReport Report(params string[] tests) =>
        TestReport.Read(XElement.Parse($"<assemblies><assembly>{string.Concat(tests)}</assembly></assemblies>"));
}
