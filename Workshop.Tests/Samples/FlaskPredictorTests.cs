using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.Samples;

/// <summary>The outsider in Flask as a real process. test.sh installs Debian's python3-flask where it can.</summary>
public sealed class FlaskPredictorTests : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly int port = FreePorts.Next();

    private Process? process;

    private HttpClient client = new();

    public async ValueTask InitializeAsync()
    {
        client.BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));
        if (!File.Exists(Python) || await Run("-c", "import flask") != 0)
        {
            return;
        }

        var folder = Path.Combine(SourceTree.Root, "samples", "flask-predictor");
        var start = new ProcessStartInfo(Python, ["app.py", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(StartPatience);
        while (!await Answers(patience.Token))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    [Fact]
    public async Task It_answers_in_the_protocols_format_and_knows_its_flowers()
    {
        Assert.SkipWhen(process is null, "Debian's python3-flask is not installed (apt-get install python3-flask).");
        var lines = await File.ReadAllLinesAsync(Path.Combine(SourceTree.Root, "Predictors", "Data", "iris.csv"));
        var header = lines[0].Split(',');
        var right = 0;
        foreach (var cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            var query = string.Join('&', header.SkipLast(1).Zip(cells, (name, value) => $"{name}={value}"));
            var answer = await client.GetFromJsonAsync<JsonElement>($"/iris/predict?{query}");
            var probabilities = answer.GetProperty("outputs")[1];
            var data = probabilities.GetProperty("data").Deserialize<double[]>()!;

            Assert.Equal("iris", answer.GetProperty("model_name").GetString());
            Assert.Equal([1, 3], probabilities.GetProperty("shape").Deserialize<int[]>()!);
            Assert.Equal(1, data.Sum(), 1e-9);
            Assert.Equal(3, probabilities.GetProperty("parameters").GetProperty("labels").GetArrayLength());
            right += answer.GetProperty("parameters").GetProperty("prediction").ValueEquals(cells[^1]) ? 1 : 0;
        }

        Assert.InRange(right / (lines.Length - 1.0), 0.9, 1);
    }

    [Fact]
    public async Task It_refuses_bad_arguments_by_name()
    {
        Assert.SkipWhen(process is null, "Debian's python3-flask is not installed (apt-get install python3-flask).");
        using var response = await client.GetAsync(
            new Uri("/predict?sepalLength=abc&sepalWidth=3&petalLength=1e400&petalWidth=0.2&x=1", UriKind.Relative)
        );
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(3, problem.GetProperty("errors").EnumerateObject().Count());
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        Assert.False(process!.HasExited, "The sample ended at its start.");
        try
        {
            using var response = await client.GetAsync(new Uri("/predict", UriKind.Relative), ct);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> Run(params string[] arguments)
    {
        using var run = Process.Start(
            new ProcessStartInfo(Python, arguments) { UseShellExecute = false, RedirectStandardError = true }
        )!;
        await run.WaitForExitAsync();
        return run.ExitCode;
    }
}
