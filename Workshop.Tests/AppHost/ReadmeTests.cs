using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Shop.Web.Predictions.Joining;
using Workshop.Tests.Architecture;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Samples;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>
/// Every command that a README shows is run, with the ports of a workshop of the tests; but for the two that run all of this,
/// and benchmarks, which have to be there.
/// </summary>
[Collection(WorkshopFixture.Name)]
public sealed partial class ReadmeTests(WorkshopFixture fixture)
{
    private const int FirstSample = 5300;

    private const int LastSample = 5399;

    /// <summary>What a reader does by hand: "memberToken of the first answer".</summary>
    private const string KeepMemberToken =
        "MEMBER_TOKEN=$(sed -n 's/.*\"memberToken\": *\"\\([^\"]*\\)\".*/\\1/p' <<< \"$answer\")";

    private static readonly string[] RunAllOfThis = ["dotnet run --project Workshop.AppHost", "./test.sh"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Faults =>
        [.. CommandsIn("README.md").Except(RunAllOfThis, StringComparer.Ordinal)];

    public static TheoryData<string> Samples => [.. Sample.All.Select(sample => sample.Folder)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_breaks_things_breaks_them_and_all_is_well_again(string command)
    {
        var target = Target().Match(command);
        Assert.True(target.Success, command);
        var before = await Seen(target.Groups["name"].Value);
        try
        {
            var (exit, output) = await Shell.Run(Here(command), Ct);
            Assert.True(exit == 0, $"{command}\n{output}");
            if (target.Groups["command"].Value is "logs")
            {
                Assert.NotEmpty(output);
            }
            else
            {
                await Eventually.Holds(async () => await Seen(target.Groups["name"].Value) != before, Ct);
            }
        }
        finally
        {
            await fixture.Workshop.RepairAll(Ct);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_is_started_asked_let_in_and_leaves_as_it_says(string folder)
    {
        var sample = await SampleTests.Find(folder);
        var commands = CommandsIn($"{folder}/README.md");
        Assert.Contains(sample.Command, commands, StringComparer.Ordinal);
        await using var process = await SampleProcess.Start(sample.Command, data: null, Ct);
        var secrets = Path.GetTempFileName();
        await File.WriteAllTextAsync(secrets, $$"""{ "join-token": "{{fixture.Workshop.OperatorToken}}" }""", Ct);
        var script = new StringBuilder();
        foreach (
            var command in commands
                .Where(command => !IsInstallation(command))
                .Except([sample.Command], StringComparer.Ordinal)
        )
        {
            var typed = Here(command, process.Url).Replace(".workshop/secrets.json", secrets, StringComparison.Ordinal);
            script.AppendLine(
                typed.Contains("/predictors ", StringComparison.Ordinal)
                    ? $"answer=$({typed})\n{KeepMemberToken}"
                    : typed
            );
        }

        var (exit, output) = await Shell.Run(script.ToString(), Ct);

        File.Delete(secrets);
        Assert.True(exit == 0, $"{script}\n{output}");
        Assert.Contains("\"outputs\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_commands_that_run_all_of_this_are_there_and_so_is_each_benchmark()
    {
        var commands = CommandsIn("README.md");
        Assert.All(RunAllOfThis, command => Assert.Contains(command, commands, StringComparer.Ordinal));
        var benchmarks = Benchmark().Matches(Read("README.md")).Select(match => match.Groups["path"].Value).ToList();

        Assert.NotEmpty(benchmarks);
        Assert.All(benchmarks, path => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, path)), path));
    }

    private static bool IsInstallation(string command) => command.StartsWith("apt-get ", StringComparison.Ordinal);

    /// <summary>A port of the workshop becomes that of this one; another one is a sample's.</summary>
    private string Here(string command, string? sample = null) =>
        Local()
            .Replace(
                command,
                address =>
                {
                    var port = int.Parse(address.Groups["port"].Value, CultureInfo.InvariantCulture);
                    return port is >= FirstSample and <= LastSample
                        ? $"{address.Groups["scheme"]}{new Uri(sample!).Authority}"
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $"{address.Groups["scheme"]}localhost:{port + fixture.Workshop.PortOffset}"
                        );
                }
            );

    private static string Read(string path) => File.ReadAllText(Path.Combine(SourceTree.Root, path));

    /// <summary>The commands of the fenced blocks, without the remarks behind them; one that goes on is one.</summary>
    private static IReadOnlyList<string> CommandsIn(string path) =>
        [
            .. Fence()
                .Matches(Read(path).Replace("\\\n", "", StringComparison.Ordinal))
                .SelectMany(fence => fence.Groups["lines"].Value.Split('\n'))
                .Where(line => Program().IsMatch(line))
                .Select(line => Remark().Replace(line, "").Trim()),
        ];

    /// <summary>How a resource stands, and as which process.</summary>
    private async Task<(string State, string Process)> Seen(string name)
    {
        var resource = (await fixture.Workshop.Resources(Ct))
            .EnumerateArray()
            .Single(one => string.Equals(one.GetProperty("name").GetString(), name, StringComparison.Ordinal));
        return (resource.GetProperty("state").ToString(), resource.GetProperty("processId").ToString());
    }

    [GeneratedRegex("/resources/(?<name>[\\w-]+)/(?<command>\\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Target();

    [GeneratedRegex(@"^```\w*\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    /// <summary>A drawing is none.</summary>
    [GeneratedRegex(@"^(\./|/|[A-Z]+=|[a-z][\w-]* )\S", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Program();

    [GeneratedRegex(@"\s+# .*$", RegexOptions.None, 1000)]
    private static partial Regex Remark();

    [GeneratedRegex("(?<scheme>http://)?localhost:(?<port>[0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex Local();

    [GeneratedRegex(@"`(dotnet run -c Release --project )?(?<path>bench/[\w./-]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Benchmark();
}
