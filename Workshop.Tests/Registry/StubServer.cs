using System.Collections;
using System.Globalization;
using LaboratoryBench.Processes;
using Registry.Leases;
using Workshop.AppHost.Processes;

namespace Workshop.Tests.Registry;

/// <summary>
/// A real server process to kill and to freeze. Any service would do; this one, the registry's own program, needs nothing
/// else to run, and answers <c>/alive</c> and <c>/services</c>.
/// </summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly ChildProcess process;

    private StubServer(ChildProcess process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public static async Task<StubServer> Start(CancellationToken ct, int? port = null)
    {
        var listensOn = port ?? FreePorts.Next();
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{listensOn}");
        environment["OTEL_SERVICE_NAME"] = "stub";
        var command = new Command("dotnet", [typeof(ServiceTable).Assembly.Location], "/", environment);
        var server = new StubServer(await ChildProcess.Start(command, static _ => { }), listensOn);
        using var http = new HttpClient();
        return await server.OnceReady(() => Eventually.Holds(() => server.IsAlive(http, ct), ct));
    }

    public void Kill() => process.Send(Signal.Kill);

    public void Pause() => process.Send(Signal.Stop);

    public void Resume() => process.Send(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        await process.KillTree(CancellationToken.None);
        process.Dispose();
    }

    private async Task<bool> IsAlive(HttpClient http, CancellationToken ct)
    {
        try
        {
            var alive = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}/alive");
            using var response = await http.GetAsync(alive, ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
