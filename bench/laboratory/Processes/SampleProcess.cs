using System.Diagnostics;
using System.Globalization;
using System.Text;
using Workshop.Figures;

namespace LaboratoryBench.Processes;

/// <summary>A sample as a real process, started by the command that the join page shows.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private SampleProcess(Process process, int port)
    {
        this.process = process;
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
    }

    internal string Url { get; }

    /// <summary>Starts it and returns when it listens.</summary>
    /// <param name="command">As shown, from the repository's own folder; its port is replaced by a free one.</param>
    /// <param name="data">A file to learn from; the workshop's when null.</param>
    /// <param name="ct">Gives up.</param>
    internal static async Task<SampleProcess> Start(string command, string? data, CancellationToken ct)
    {
        var words = command.Split(' ');
        var port = FreePorts.Next();
        var at = Array.IndexOf(words, "--port");
        words[at + 1] = port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(words[0], [.. words[1..], .. data is null ? [] : (string[])["--data", data]])
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var sample = new SampleProcess(Process.Start(start)!, port);
        sample.process.OutputDataReceived += (_, line) => sample.Heard(line.Data);
        sample.process.ErrorDataReceived += (_, line) => sample.Heard(line.Data);
        sample.process.BeginOutputReadLine();
        sample.process.BeginErrorReadLine();
        using var client = new HttpClient { BaseAddress = new(sample.Url) };
        return await sample.OnceReady(() => Eventually.Holds(() => sample.Answers(client, ct), ct));
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private void Heard(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private async Task<bool> Answers(HttpClient client, CancellationToken ct)
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"The sample ended at its start:\n{output}");
        }

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
}
