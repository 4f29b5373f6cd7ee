using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Workshop.Figures;

namespace Consensus.Bench;

/// <summary>
/// What is measured on: a consensus and one predictor per learner, each a process of its own in the Release build, in a
/// folder that goes with them.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    /// <summary>All the learners that the workshop starts.</summary>
    internal static readonly string[] Learners = ["linear", "fasttree", "lightgbm", "forest", "neighbours", "bayes"];

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string folder = Directory.CreateTempSubdirectory("consensus-bench-").FullName;

    private readonly List<Process> processes = [];

    /// <summary>Where the consensus answers.</summary>
    internal Uri Consensus { get; private set; } = new("http://localhost");

    /// <summary>Where the members answer.</summary>
    internal IReadOnlyList<Uri> Members { get; private set; } = [];

    /// <summary>Starts all, and comes back when every member is registered and has evaluated itself.</summary>
    internal static async Task<Crowd> Start(CancellationToken ct)
    {
        var crowd = new Crowd();
        try
        {
            await crowd.StartAll(ct);
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Processor time that all processes have used so far; the client's own is not in it.</summary>
    internal (TimeSpan Consensus, TimeSpan Members) ProcessorTime()
    {
        processes.ForEach(process => process.Refresh());
        return (
            processes[0].TotalProcessorTime,
            processes.Skip(1).Aggregate(TimeSpan.Zero, (sum, process) => sum + process.TotalProcessorTime)
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task StartAll(CancellationToken ct)
    {
        var token = RandomNumberGenerator.GetHexString(32);
        Consensus = Run("Consensus", "consensus", token);
        Members =
        [
            .. Learners.Select(learner =>
                Run(
                    "Predictors",
                    learner,
                    token,
                    ("Predictor__Model", learner),
                    ("services__consensus__http__0", Consensus.ToString())
                )
            ),
        ];
        using var http = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        await Until(async () => await CountMembers(http, limit.Token) == Learners.Length, limit.Token);
        foreach (var member in Members)
        {
            // Its cross-validation must not run beside the measurement.
            await Until(() => Answers(http, new(member, "/evaluation"), limit.Token), limit.Token);
        }
    }

    private async Task<int> CountMembers(HttpClient http, CancellationToken ct) =>
        (await http.GetFromJsonAsync<JsonElement>(new Uri(Consensus, "/predictors"), ct)).GetArrayLength();

    private static async Task<bool> Answers(HttpClient http, Uri address, CancellationToken ct)
    {
        using var answer = await http.GetAsync(address, ct);
        return answer.IsSuccessStatusCode;
    }

    private static async Task Until(Func<Task<bool>> holds, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>Starts a project's Release build, which the bench's own build has made.</summary>
    private Uri Run(string project, string name, string token, params (string, string)[] variables)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort()}"));
        var program = Path.Combine(Repository.Root, "artifacts", "bin", project, "release", $"{project}.dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        (string, string)[] all =
        [
            ("ASPNETCORE_URLS", address.ToString()),
            ("OTEL_SERVICE_NAME", name),
            ("Workshop__Address", address.ToString()),
            ("Workshop__OperatorToken", token),
            ("Workshop__DataDirectory", Path.Combine(folder, project)),
            .. variables,
        ];
        foreach (var (variable, value) in all)
        {
            start.Environment[variable] = value;
        }

        var process =
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start: build it first.");
        process.BeginOutputReadLine();
        processes.Add(process);
        return address;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
