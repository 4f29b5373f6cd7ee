using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Npgsql;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>A real pair, a host for it, and a registry with its conductor, which can be restarted.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>Long enough for two busy cores; what is awaited usually takes a second or two.</summary>
    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly bool hasOwnFolder;
    private readonly (string, string)[] settings;

    private Scene(PostgresPair pair, StubHost host, string mode, string policy, bool hasHost, string? dataFolder)
    {
        (Pair, Host) = (pair, host);
        folder = dataFolder ?? TestFolders.Create("conductor");
        hasOwnFolder = dataFolder is null;
        settings =
        [
            ("ConnectionStrings:postgres-1", pair.First.ConnectionString()),
            ("Workshop:Standby", string.Create(CultureInfo.InvariantCulture, $"tcp://localhost:{pair.Second.Port}")),
            // Nobody listens on the discard port.
            ("Workshop:HostUrl", hasHost ? host.Address : "http://localhost:9"),
            ("Workshop:DataDirectory", folder),
            ("Workshop:Storage", mode),
            ("Workshop:Policy", policy),
        ];
        Registry = new(null, settings);
    }

    public PostgresPair Pair { get; }

    private string StatePath => Path.Combine(folder, "conductor.json");

    public StubHost Host { get; }

    public RegistryServer Registry { get; private set; }

    public static async Task<Scene> Start(
        PostgresFixture postgres,
        string mode = "synchronous",
        string policy = "available",
        bool hasHost = true,
        string? dataFolder = null
    )
    {
        var ct = TestContext.Current.CancellationToken;
        var pair = await postgres.CreatePair(ct);
        var scene = new Scene(pair, await new StubHost(pair).Start(ct), mode, policy, hasHost, dataFolder);
        await Execute(pair.First, "CREATE TABLE notes (id bigint PRIMARY KEY)", ct);
        // Who leads is written down by then: before that a server that dies was no primary.
        await scene.Until(view => view.Armed || (mode is "basic" && view.Primary is not null), "armed");
        return scene;
    }

    /// <summary>The persisted state on disk.</summary>
    public async Task<PersistedState> ReadPersistedState(CancellationToken ct) =>
        JsonSerializer.Deserialize<PersistedState>(await File.ReadAllBytesAsync(StatePath, ct))!;

    /// <summary>The registry and its conductor end, something happens, and they come back.</summary>
    public async Task RestartRegistry(Func<Task> meanwhile, PersistedState? persisted = null)
    {
        await Registry.DisposeAsync();
        await meanwhile();
        if (persisted is not null)
        {
            await File.WriteAllBytesAsync(StatePath, JsonSerializer.SerializeToUtf8Bytes(persisted));
        }

        Registry = new(Registry.Port, settings);
    }

    public async Task<ConductorView> View(CancellationToken ct) =>
        (await Registry.Reader.GetFromJsonAsync<ConductorView>("/conductor", ct))!;

    /// <summary>Waits for what the conductor shows.</summary>
    public async Task<ConductorView> Until(Func<ConductorView, bool> isSo, string what)
    {
        var ct = TestContext.Current.CancellationToken;
        var started = Stopwatch.GetTimestamp();
        ConductorView? view = null;
        while (Stopwatch.GetElapsedTime(started) < Lenient)
        {
            using var response = await Registry.Reader.GetAsync("/conductor", ct);
            view = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<ConductorView>(ct) : view;
            if (view is not null && isSo(view))
            {
                var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {elapsed:0} ms");
                return view;
            }

            await Task.Delay(10, ct);
        }

        var events = string.Join('\n', view?.Events.Take(20).Select(happened => happened.ToString()) ?? []);
        throw new TimeoutException($"{what}: not within {Lenient}; rule {view?.Rule} {view?.RuleName}\n{events}");
    }

    /// <summary>Runs a statement on a server, within so many seconds or not at all.</summary>
    public static async Task Execute(PostgresServer server, string sql, CancellationToken ct, int limitSeconds = 30)
    {
        var text = new NpgsqlConnectionStringBuilder(server.ConnectionString())
        {
            Pooling = false,
            Timeout = limitSeconds,
            CommandTimeout = limitSeconds,
            CancellationTimeout = -1,
        };
        await using var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync(ct);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(sql) } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The ids in the table.</summary>
    public static async Task<IReadOnlyList<long>> Notes(PostgresServer server, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT array_agg(id ORDER BY id) FROM notes", connection);
        return await command.ExecuteScalarAsync(ct) as long[] ?? [];
    }

    /// <summary>The server of that name.</summary>
    public PostgresServer Server(string? name) =>
        string.Equals(name, Pair.First.Name, StringComparison.Ordinal) ? Pair.First : Pair.Second;

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        await Host.DisposeAsync();
        await Pair.DisposeAsync();
        if (hasOwnFolder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
