using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shop.Web.Tour;
using Workshop.Tests.Architecture;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web.Tour;

/// <summary>
/// Every command that README shows, and those of the questions' pages that start a workshop. What runs long is started,
/// checked and stopped; everything else is run as it stands, with the ports of a workshop of the test's own.
/// </summary>
public sealed partial class ReadmeTests
{
    private const string Host = "dotnet run --project Workshop.AppHost";

    private const string Healthy = "Everything is healthy";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(8);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The lines of README's blocks of commands, without what is said of them.</summary>
    private static IReadOnlyList<string> Shown { get; } =
    [
        .. Blocks()
            .Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "README.md")))
            .SelectMany(block => block.Groups["text"].Value.Split('\n'))
            .Select(line => Said().Replace(line, "").Trim())
            .Where(line => FirstWord().IsMatch(line)),
    ];

    /// <summary>Commands in the text and in tables.</summary>
    private static IReadOnlyList<string> Named { get; } =
    [
        .. Inline()
            .Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "README.md")))
            .Select(code => code.Groups["text"].Value)
            .Where(text => FirstWord().IsMatch(text))
            .Distinct(StringComparer.Ordinal),
    ];

    public static TheoryData<string> OthersThatStart =>
        [
            .. Question
                .All.SelectMany(question => question.Commands)
                .Where(command => command.StartsWith(Host, StringComparison.Ordinal)),
        ];

    [Fact]
    public void Commands_of_README_are_of_kinds_that_are_tried_here()
    {
        Assert.Contains(Host, Shown, StringComparer.Ordinal);
        Assert.Equal(6, Shown.Count(command => command.StartsWith("curl", StringComparison.Ordinal)));
        Assert.All(
            Shown,
            command =>
                Assert.Matches(
                    "^(dotnet run --project Workshop.AppHost|\\./test\\.sh|curl .*localhost:18880/.*)$",
                    command
                )
        );
    }

    /// <summary>Measurements take ten minutes and more: what they start is there, can be run, and can be read.</summary>
    [Fact]
    public async Task What_README_names_is_there_and_can_be_run()
    {
        Assert.NotEmpty(Named);
        foreach (var command in Named)
        {
            var words = command.Split(' ');
            if (words[0] is "dotnet")
            {
                var project = Path.Combine(SourceTree.Root, words[Array.IndexOf(words, "--project") + 1]);
                Assert.True(Directory.Exists(project), command);
                continue;
            }

            var script = Path.Combine(SourceTree.Root, words[0]);
            Assert.True(File.Exists(script), command);
            using var read = Process.Start("bash", ["-c", "[ -x \"$0\" ] && bash -n \"$0\"", script]);
            await read.WaitForExitAsync(Ct);
            Assert.True(read.ExitCode == 0, $"{words[0]} cannot be run, or bash cannot read it.");
        }
    }

    [Fact]
    public async Task The_first_command_starts_a_workshop_and_all_others_do_what_they_say()
    {
        await using var workshop = await Started.By(Host, Ct);
        using var control = new HttpClient { BaseAddress = new($"http://{workshop.At(18880)}") };
        foreach (var command in Shown.Where(command => command.StartsWith("curl", StringComparison.Ordinal)))
        {
            var typed = Port()
                .Replace(
                    command,
                    port => workshop.At(int.Parse(port.Groups["port"].Value, CultureInfo.InvariantCulture))
                );
            using var bash = Process.Start(
                new ProcessStartInfo("bash", ["-c", $"curl() {{ command curl --fail-with-body -sS \"$@\"; }}; {typed}"])
                {
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                }
            )!;
            var output = await bash.StandardOutput.ReadToEndAsync(Ct);
            await bash.WaitForExitAsync(Ct);

            Assert.True(bash.ExitCode == 0, $"{typed}\n{output}");
            Assert.NotEmpty(output);
            await Mend(control, typed);
        }

        Assert.Equal(0, await workshop.Stop());
    }

    [Theory]
    [MemberData(nameof(OthersThatStart))]
    public async Task A_workshop_that_a_page_starts_gets_healthy_in_its_mode_and_stops(string command)
    {
        await using var workshop = await Started.By(command, Ct);
        using var registry = new HttpClient { BaseAddress = new($"http://{workshop.At(3000)}") };

        var conductor = await registry.GetFromJsonAsync<JsonElement>(new Uri("/conductor", UriKind.Relative), Ct);

        Assert.Equal(command.Split("--storage ")[1].Split(' ')[0], conductor.GetProperty("mode").GetString());
        Assert.Equal(0, await workshop.Stop());
    }

    /// <summary>The next command meets a workshop in which everything is well.</summary>
    private static async Task Mend(HttpClient control, string command)
    {
        var resource = command.Split("/resources/")[^1].Split('/')[0];
        var repair = command.Split('/')[^1] switch
        {
            "kill" => "start",
            "pause" => "resume",
            "start" => "stop",
            _ => null,
        };
        if (repair is not null)
        {
            using var answer = await control.PostAsync(
                new Uri($"/resources/{resource}/{repair}", UriKind.Relative),
                content: null,
                Ct
            );
        }

        await Eventually.Holds(
            async () =>
            {
                var found = await control.GetFromJsonAsync<JsonElement>(
                    new Uri($"/resources/{resource}", UriKind.Relative),
                    Ct
                );
                var state = found.GetProperty("resource").GetProperty("state").GetString();
                return repair is "stop" ? state is "Exited" or "NotStarted" : state is "Running";
            },
            Ct
        );
    }

    [GeneratedRegex("^```\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("(?<!`)`(?<text>[^`\n]+)`(?!`)", RegexOptions.None, 1000)]
    private static partial Regex Inline();

    [GeneratedRegex("\\s#\\s.*$", RegexOptions.None, 1000)]
    private static partial Regex Said();

    [GeneratedRegex("^(?:dotnet run|curl|bench/|\\./|npm |node |python)", RegexOptions.None, 1000)]
    private static partial Regex FirstWord();

    [GeneratedRegex("localhost:(?<port>[0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex Port();

    /// <summary>A workshop that was started by a command as somebody types it, in a terminal of its own.</summary>
    private sealed class Started : IAsyncDisposable
    {
        private static readonly int[] Looked = [3000, 4000, 5433, 8080, 18880, 18888];

        private readonly Process process;
        private readonly int offset;
        private readonly TaskCompletionSource healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly System.Text.StringBuilder output = new();

        private Started(Process process, int offset) => (this.process, this.offset) = (process, offset);

        /// <summary>Host and port of a service of it.</summary>
        internal string At(int port) => string.Create(CultureInfo.InvariantCulture, $"localhost:{port + offset}");

        /// <summary>
        /// Starts it with ports of its own and nothing kept; it is built already. Other options are those of the command.
        /// </summary>
        internal static async Task<Started> By(string command, CancellationToken ct)
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            var free = FreeOffset();
            var options = command.Contains(" -- ", StringComparison.Ordinal) ? command : command + " --";
            var typed = Offset()
                .Replace(options, "")
                .Replace(
                    "dotnet run ",
                    $"dotnet run --no-build --configuration {configuration} ",
                    StringComparison.Ordinal
                );
            typed += string.Create(
                CultureInfo.InvariantCulture,
                $"{(typed.Contains("--ephemeral", StringComparison.Ordinal) ? "" : " --ephemeral")} --port-offset {free}"
            );
            // A group of its own, so that Ctrl-C reaches all that the command started, and nothing else.
            var bash = new Process
            {
                StartInfo = new("setsid", ["bash", "-c", $"exec {typed}"])
                {
                    WorkingDirectory = SourceTree.Root,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                },
                EnableRaisingEvents = true,
            };
            var started = new Started(bash, free);
            bash.OutputDataReceived += (_, line) => started.Hear(line.Data);
            bash.ErrorDataReceived += (_, line) => started.Hear(line.Data);
            bash.Start();
            bash.BeginOutputReadLine();
            bash.BeginErrorReadLine();
            var first = await Task.WhenAny(
                started.healthy.Task,
                bash.WaitForExitAsync(ct),
                Task.Delay(StartPatience, ct)
            );
            if (first != started.healthy.Task)
            {
                await started.DisposeAsync();
                Assert.Fail($"{typed}\n{started.output}");
            }

            return started;
        }

        /// <summary>Above those of the workshops that other tests start.</summary>
        private static int FreeOffset() =>
            Enumerable
                .Range(120, 10)
                .Select(hundreds => hundreds * 100)
                .First(offset => Looked.All(port => FreePorts.IsFree(port + offset)));

        /// <summary>Presses Ctrl-C.</summary>
        /// <returns>The exit code.</returns>
        internal async Task<int> Stop()
        {
            using var kill = Process.Start(
                "kill",
                ["-INT", string.Create(CultureInfo.InvariantCulture, $"-{process.Id}")]
            );
            await kill.WaitForExitAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopPatience);
            return process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                try
                {
                    await Stop();
                }
                catch (TimeoutException)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            process.Dispose();
        }

        private void Hear(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }

            if (line?.StartsWith(Healthy, StringComparison.Ordinal) is true)
            {
                healthy.TrySetResult();
            }
        }
    }

    [GeneratedRegex(" --port-offset [0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Offset();
}
