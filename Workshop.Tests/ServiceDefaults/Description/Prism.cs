using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.ServiceDefaults.Identity;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Description;

/// <summary>
/// An outside tool that stands between a client and a service, and compares every answer with the description. What it finds
/// comes in a header of the answer.
/// </summary>
internal sealed class Prism : IAsyncDisposable
{
    private const string Findings = "sl-violations";

    /// <summary>A busy machine takes a while to start a program of many files.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly Process process;
    private readonly string folder;
    private readonly List<string> violations = [];

    private Prism(Process process, string folder, int port)
    {
        this.process = process;
        this.folder = folder;
        Client = new() { BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
    }

    /// <summary>Asks through the tool.</summary>
    public HttpClient Client { get; }

    /// <summary>Answers that were not as described.</summary>
    public IReadOnlyList<string> Violations => violations;

    /// <summary>Starts the tool before a running service, which has its description.</summary>
    /// <param name="service">A client of the service.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="change">Makes the description say something else; null for as it is.</param>
    public static async Task<Prism> Start(HttpClient service, CancellationToken ct, Func<string, string>? change = null)
    {
        var files = TestFolders.Create("prism");
        var description = Path.Combine(files, "openapi.json");
        var said = await service.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), ct);
        await File.WriteAllTextAsync(description, change is null ? said : change(said), ct);
        var port = FreePorts.Next();
        var tool = Path.Combine(SourceTree.Root, "Workshop.Tests", "openapi", "node_modules", ".bin", "prism");
        var proxy = Process.Start(
            new ProcessStartInfo(
                tool,
                [
                    "proxy",
                    description,
                    service.BaseAddress!.ToString().TrimEnd('/'),
                    "--port",
                    port.ToString(CultureInfo.InvariantCulture),
                    "--verboseLevel",
                    "silent",
                ]
            )
            {
                UseShellExecute = false,
            }
        )!;
        var prism = new Prism(proxy, files, port);
        try
        {
            await prism.Listens(ct);
            return prism;
        }
        catch
        {
            await prism.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one request, and keeps what the tool says of the answer.</summary>
    public async Task<JsonElement?> Send(HttpMethod method, string path, string? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, mediaType: new("application/json"));
        }

        using var answer = await Send(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? JsonDocument.Parse(text).RootElement
            : null;
    }

    /// <summary>Sends a request of any kind, and keeps what the tool says of the answer.</summary>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken ct)
    {
        var answer = await Client.SendAsync(request, ct);
        Assert.True(
            answer.Headers.Contains(ServedBy.Header),
            $"{request.RequestUri}: {(int)answer.StatusCode} is not the service's own answer."
        );
        if (answer.Headers.TryGetValues(Findings, out var found))
        {
            using var document = JsonDocument.Parse(string.Concat(found));
            violations.AddRange(
                document
                    .RootElement.EnumerateArray()
                    .Where(IsOfTheAnswer)
                    .Select(one => $"{request.Method} {request.RequestUri} {(int)answer.StatusCode}: {one}")
            );
        }

        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task Listens(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        for (var isThere = false; !isThere; )
        {
            try
            {
                using var answer = await Client.GetAsync(new Uri("/alive", UriKind.Relative), limit.Token);
                isThere = true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(BetweenLooks, limit.Token);
            }
        }
    }

    /// <summary>What a test sends wrong on purpose is no violation of the service's.</summary>
    private static bool IsOfTheAnswer(JsonElement finding) =>
        finding.GetProperty("location").EnumerateArray().FirstOrDefault().ToString() is "response";
}
