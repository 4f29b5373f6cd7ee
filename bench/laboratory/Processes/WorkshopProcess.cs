using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LaboratoryBench.Processes;

/// <summary>
/// The whole workshop as real processes: the built AppHost, ephemeral, on a port offset of its own. Several can run side by side.
/// </summary>
public sealed class WorkshopProcess : IAsyncDisposable
{
    /// <summary>A dozen processes on two cores that others use too.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(8);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private const int OffsetAttempts = 500;

    /// <summary>Two hosts of one run that start at once each claim a range of ports.</summary>
    private static int claimed = Environment.ProcessId * 7;

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkshopProcess(Process process, int portOffset)
    {
        this.process = process;
        PortOffset = portOffset;
    }

    /// <summary>The AppHost beside this program in the build's output: the same configuration.</summary>
    public static string BuiltHost { get; } = Built("Workshop.AppHost");

    /// <summary>A program beside this program in the build's output: the same configuration.</summary>
    /// <param name="project">Its project.</param>
    public static string Built(string project) =>
        Path.GetFullPath(
            $"../../{project}/{new DirectoryInfo(AppContext.BaseDirectory).Name}/{project}.dll",
            AppContext.BaseDirectory
        );

    /// <summary>Added to every port of the workshop.</summary>
    public int PortOffset { get; }

    /// <summary>The operator token of a workshop that was made by <see cref="Start"/>.</summary>
    public string? OperatorToken { get; private set; }

    /// <summary>The password of the services' accounts in the databases of all workshops made by <see cref="Start"/>.</summary>
    public static string DatabasePassword { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>The host's process number.</summary>
    public int ProcessId => process.Id;

    /// <summary>The storefront.</summary>
    public Uri ShopWeb => At(8080);

    /// <summary>The registry.</summary>
    public Uri Registry => At(3000);

    /// <summary>The first shop server.</summary>
    public Uri ShopApi1 => At(3001);

    /// <summary>The second shop server.</summary>
    public Uri ShopApi2 => At(3002);

    /// <summary>The consensus.</summary>
    public Uri Consensus => At(4000);

    /// <summary>Where commands are taken.</summary>
    public Uri Control => At(18880);

    /// <summary>Aspire's dashboard.</summary>
    public Uri Dashboard => At(18888);

    /// <summary>What the host has written so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>The exit code, once the host has ended.</summary>
    public async Task<int> WaitForExit(CancellationToken ct)
    {
        await process.WaitForExitAsync(ct).WaitAsync(StopLimit, ct);
        return process.ExitCode;
    }

    /// <summary>The address of the service whose port without offset is <paramref name="port"/>.</summary>
    public Uri At(int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port + PortOffset}"));

    /// <summary>Starts the workshop and returns when everything is healthy.</summary>
    /// <param name="ct">Gives up.</param>
    /// <param name="storage"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
    /// <param name="policy"><c>available</c> or <c>strict</c>.</param>
    /// <param name="databases"><c>native</c> or <c>containers</c>.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message holds what the host wrote.</exception>
    public static async Task<WorkshopProcess> Start(
        CancellationToken ct,
        string storage = "synchronous",
        string policy = "available",
        string databases = "native"
    )
    {
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Parameters__operator-token"] = token,
            ["Parameters__shop-password"] = DatabasePassword,
            ["Parameters__conductor-password"] = DatabasePassword,
        };
        var workshop = Launch(
            ["--storage", storage, "--policy", policy, "--databases", databases, "--ephemeral"],
            environment: environment
        );
        workshop.OperatorToken = token;
        try
        {
            await workshop.WaitUntilHealthy(ct);
            return workshop;
        }
        catch
        {
            await workshop.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts the host with <paramref name="arguments"/> and a port offset, and does not wait for anything.
    /// </summary>
    public static WorkshopProcess Launch(
        IReadOnlyList<string> arguments,
        int? portOffset = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var offset = portOffset ?? FreeOffset();
        string[] words = [BuiltHost, "--port-offset", offset.ToString(CultureInfo.InvariantCulture), .. arguments];
        var start = new ProcessStartInfo("dotnet", words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var workshop = new WorkshopProcess(new() { StartInfo = start, EnableRaisingEvents = true }, offset);
        workshop.Begin();
        return workshop;
    }

    /// <summary>Returns when everything is healthy.</summary>
    /// <exception cref="InvalidOperationException">The host ended, or took too long.</exception>
    public async Task WaitUntilHealthy(CancellationToken ct)
    {
        var first = await Task.WhenAny(healthy.Task, process.WaitForExitAsync(ct), Task.Delay(StartLimit, ct));
        if (first != healthy.Task)
        {
            ct.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"The workshop did not start:\n{Output}");
        }
    }

    /// <summary>
    /// Runs a command of the host, for example <c>kill</c> on <c>postgres-1</c>, and expects it to succeed.
    /// </summary>
    public async Task Command(string resource, string command, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Control };
        using var answer = await http.PostAsync(
            new Uri($"/resources/{resource}/{command}", UriKind.Relative),
            null,
            ct
        );
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{command} of {resource}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}"
            );
        }
    }

    /// <summary>What the host knows of all resources, as it stands on the wire.</summary>
    public async Task<JsonElement> Resources(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Control };
        await using var body = await http.GetStreamAsync(new Uri("/resources", UriKind.Relative), ct);
        using var document = await JsonDocument.ParseAsync(body, default, ct);
        return document.RootElement.Clone();
    }

    /// <summary>Sends a signal to the host: <c>INT</c>, <c>TERM</c> or <c>KILL</c>.</summary>
    public async Task Signal(string name, CancellationToken ct)
    {
        string[] words = [$"-{name}", ProcessId.ToString(CultureInfo.InvariantCulture)];
        using var kill = Process.Start("kill", words);
        await kill.WaitForExitAsync(ct);
    }

    /// <summary>Stops the host, and kills it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Signal("TERM", CancellationToken.None);
            try
            {
                await WaitForExit(CancellationToken.None);
            }
            catch (TimeoutException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    private void Begin()
    {
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        if (line.StartsWith("Everything is healthy", StringComparison.Ordinal))
        {
            healthy.TrySetResult();
        }
    }

    private static int FreeOffset()
    {
        int[] ports = [8080, 3000, 3001, 3002, .. Enumerable.Range(4000, 13), 5433, 5434, 18880, 18888, 18889, 18890];
        for (var attempt = 0; attempt < OffsetAttempts; attempt++)
        {
            var offset = 1000 + ((Interlocked.Increment(ref claimed) & int.MaxValue) % 110 * 100);
            if (ports.All(port => FreePorts.IsFree(port + offset)))
            {
                return offset;
            }
        }

        throw new InvalidOperationException($"no free range of ports after {OffsetAttempts} looks");
    }
}
