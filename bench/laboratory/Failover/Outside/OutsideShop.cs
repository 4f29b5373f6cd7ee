using System.Collections;
using System.Globalization;
using System.Net;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;
using Workshop.AppHost.Processes;

namespace LaboratoryBench.Failover.Outside;

/// <summary>
/// A registry that only observes, and two servers of the shop, as processes, over databases that are there already.
/// </summary>
internal sealed class OutsideShop : IAsyncDisposable
{
    private const string Token = "outside-token";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string folder = TestFolders.Create("outside");
    private readonly string registry = Address();
    private readonly List<ChildProcess> processes = [];
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private OutsideShop() => Clients = new(new(registry));

    /// <summary>The storefront's client path.</summary>
    public ShopClients Clients { get; }

    /// <summary>Where the registry shows what it observes.</summary>
    public Uri Conductor => new($"{registry}/conductor");

    /// <summary>Starts all and waits until they are healthy.</summary>
    /// <param name="servers">Each database server's name and port on loopback.</param>
    /// <param name="password">Of the shop's and of the observer's account.</param>
    public static async Task<OutsideShop> Start(IReadOnlyDictionary<string, int> servers, string password)
    {
        var outside = new OutsideShop();
        try
        {
            var observed = servers.Select(server =>
                (
                    $"ConnectionStrings__{server.Key}",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Host=localhost;Port={server.Value};Username=observer;Password={password};Database=postgres"
                    )
                )
            );
            await outside.Begin("Registry", outside.registry, "registry", [.. observed]);
            var hosts = servers.Values.Select(port => string.Create(CultureInfo.InvariantCulture, $"localhost:{port}"));
            var shop = $"Host={string.Join(',', hosts)};Username=shop;Password={password};Database=shop";
            foreach (var name in new[] { "shop-api-1", "shop-api-2" })
            {
                var address = Address();
                await outside.Begin(
                    "Shop.Api",
                    address,
                    name,
                    ("ConnectionStrings__shop", shop),
                    ("Workshop__Address", address),
                    ("services__registry__http__0", outside.registry)
                );
            }

            return outside;
        }
        catch
        {
            await outside.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        http.Dispose();
        foreach (var process in processes)
        {
            await process.KillTree(CancellationToken.None);
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task Begin(string project, string address, string name, params (string Key, string Value)[] settings)
    {
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
        (string, string)[] common =
        [
            ("ASPNETCORE_URLS", address),
            ("OTEL_SERVICE_NAME", name),
            ("Workshop__OperatorToken", Token),
            ("Workshop__Database__Conductor", "external"),
            ("Workshop__Storage", "synchronous"),
            ("Workshop__DataDirectory", Path.Combine(folder, name)),
            ("Logging__LogLevel__Default", "Warning"),
        ];
        foreach (var (key, value) in common.Concat(settings))
        {
            environment[key] = value;
        }

        var log = Path.Combine(folder, $"{name}.log");
        var command = new Command(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, $"{project}.dll")],
            AppContext.BaseDirectory,
            environment
        );
        processes.Add(await ChildProcess.Start(command, line => File.AppendAllText(log, line + "\n")));
        using var limit = new CancellationTokenSource(StartLimit);
        while (!await IsHealthy(address))
        {
            if (processes[^1].Exited.IsCompleted || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{name} does not start:\n{await File.ReadAllTextAsync(log)}");
            }

            await Task.Delay(Pause);
        }
    }

    private async Task<bool> IsHealthy(string address)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"{address}/health"));
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Address() =>
        string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}");
}
