using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LaboratoryBench.Processes;
using Npgsql;
using Workshop.AppHost.Postgres;
using Workshop.Figures;

namespace ShopBench;

/// <summary>
/// What is measured on: one PostgreSQL server, durable as in production, with a database of the same tables and rows for each
/// contender; the shop and the peer as processes of their own.
/// </summary>
internal sealed class Ground : IAsyncDisposable
{
    private const int StockForAll = 1_000_000_000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("shop-bench-").FullName;
    private readonly List<Process> processes = [];
    private PostgresServer? server;

    public required string PeerFolder { get; init; }

    public string ProductIds => Path.Combine(folder, "products.txt");

    public Uri Shop { get; private set; } = new("http://localhost");

    public Uri Peer { get; private set; } = new("http://localhost");

    public Uri Bare { get; private set; } = new("http://localhost");

    /// <summary>Connection string of a contender's database: <c>shop</c>, <c>peer</c> or <c>direct</c>.</summary>
    public string Database(string name) => server!.ConnectionString(name);

    /// <summary>Starts the database and the shop.</summary>
    public static async Task<Ground> Prepare(CancellationToken ct)
    {
        var ground = new Ground { PeerFolder = Path.Combine(Repository.Root, "bench", "peers", "express") };
        try
        {
            await ground.StartDatabase(ct);
            await ground.StartShop(ct);
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what the shop is compared with, on the same tables and rows.</summary>
    public async Task PrepareContenders(CancellationToken ct)
    {
        await CopyTables(ct);
        await StartPeer(ct);
        await StartBare(ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task StartDatabase(CancellationToken ct)
    {
        var installation = await PostgresInstallation.FindOrFetch(
            Environment.GetEnvironmentVariable(PostgresInstallation.FolderVariable),
            Console.Error.WriteLine,
            ct
        );
        if (!OperatingSystem.IsWindows())
        {
            // The server may run as another user, who has to get to its data.
            File.SetUnixFileMode(
                folder,
                File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute
            );
        }

        server = new(
            installation,
            new()
            {
                Name = "postgres-bench",
                Folder = Path.Combine(folder, "data"),
                Port = FreePort(),
                Password = RandomNumberGenerator.GetHexString(32, lowercase: true),
                Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["max_connections"] = "300" },
            }
        );
        await server.Initialize(ct);
        await server.Start(ct);
        await server.MakeDatabase("shop", ct);
    }

    /// <summary>The shop makes its tables when it starts; so it starts first.</summary>
    private async Task StartShop(CancellationToken ct)
    {
        Shop = NewAddress();
        Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Shop.Api.dll")],
            AppContext.BaseDirectory,
            ("ASPNETCORE_URLS", Shop.ToString()),
            ("ConnectionStrings__shop", Database("shop")),
            ("Workshop__Storage", "basic"),
            ("Workshop__DataDirectory", Path.Combine(folder, "shop")),
            // One client here is the load of all: the limit is not what is measured.
            ("Shop__Limits__LocalRequestsPerSecond", "10000000"),
            ("Shop__Limits__LocalBurst", "10000000")
        );
        await WaitFor(new Uri(Shop, "/health"), ct);
    }

    /// <summary>Starts a registry that conducts nothing.</summary>
    /// <returns>Where it answers.</returns>
    public async Task<Uri> StartRegistry(string token, CancellationToken ct)
    {
        var registry = NewAddress();
        Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Registry.dll")],
            AppContext.BaseDirectory,
            ("ASPNETCORE_URLS", registry.ToString()),
            ("Workshop__DataDirectory", Path.Combine(folder, "registry")),
            ("Workshop__OperatorToken", token),
            ("Logging__LogLevel__Default", "Warning")
        );
        await WaitFor(new Uri(registry, "/health"), ct);
        return registry;
    }

    /// <summary>Fills the stock of all products, and writes their ids down for wrk.</summary>
    public async Task FillShelves(CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(Database("shop"));
        await using (var stock = source.CreateCommand($"UPDATE products SET stock = {StockForAll}"))
        {
            await stock.ExecuteNonQueryAsync(ct);
        }

        await using var ids = source.CreateCommand("SELECT string_agg(id::text, E'\\n') FROM products");
        await File.WriteAllTextAsync(ProductIds, (string?)await ids.ExecuteScalarAsync(ct), ct);
    }

    private async Task CopyTables(CancellationToken ct)
    {
        await FillShelves(ct);
        await using var admin = NpgsqlDataSource.Create(Database("postgres"));
        // The shop's pool reconnects by itself; a template must have no connections.
        foreach (
            var statement in new[]
            {
                "ALTER DATABASE shop ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid, timeout => 10000) FROM pg_stat_activity WHERE datname = 'shop'",
                "CREATE DATABASE peer TEMPLATE shop STRATEGY file_copy",
                "CREATE DATABASE direct TEMPLATE shop STRATEGY file_copy",
                "ALTER DATABASE shop ALLOW_CONNECTIONS true",
            }
        )
        {
            await using var command = admin.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task StartPeer(CancellationToken ct)
    {
        if (!Directory.Exists(Path.Combine(PeerFolder, "node_modules")))
        {
            var install = Start("npm", ["ci", "--ignore-scripts"], PeerFolder);
            await install.WaitForExitAsync(ct);
        }

        Peer = NewAddress();
        var settings = new NpgsqlConnectionStringBuilder(Database("peer"));
        Start(
            "node",
            ["server.js"],
            PeerFolder,
            ("NODE_ENV", "production"),
            ("PORT", Peer.Port.ToString(CultureInfo.InvariantCulture)),
            (
                "DATABASE_URL",
                $"postgres://{settings.Username}:{settings.Password}@127.0.0.1:{settings.Port}/{settings.Database}"
            )
        );
        await WaitFor(new Uri(Peer, "/products?limit=1"), ct);
    }

    /// <summary>Starts the bare endpoint. What it writes has to be what the shop writes: less would be no comparison.</summary>
    private async Task StartBare(CancellationToken ct)
    {
        Bare = NewAddress();
        Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "ShopBench.dll"), BareKestrel.Command, Bare.ToString()],
            AppContext.BaseDirectory,
            (BareKestrel.DatabaseVariable, Database("direct"))
        );
        await WaitFor(new Uri(Bare, "/products"), ct);
        var product = (await File.ReadAllLinesAsync(ProductIds, ct))[0];
        using var http = new HttpClient();
        foreach (var path in new[] { "/products?limit=20", $"/products/{product}" })
        {
            var expected = await http.GetByteArrayAsync(new Uri(Shop, path), ct);
            var bare = await http.GetByteArrayAsync(new Uri(Bare, path), ct);
            if (!expected.AsSpan().SequenceEqual(bare))
            {
                throw new InvalidOperationException($"The bare endpoint answers {path} in other bytes than the shop.");
            }
        }
    }

    private Process Start(string program, string[] arguments, string workingFolder, params (string, string)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        processes.Add(process);
        return process;
    }

    /// <summary>Returns when <paramref name="address"/> answers well; throws when it does not within a minute.</summary>
    public static async Task WaitFor(Uri address, CancellationToken ct)
    {
        using var http = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(address, limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    /// <summary>One of this machine that is free.</summary>
    public static Uri NewAddress() =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
