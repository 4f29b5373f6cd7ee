using System.Globalization;
using System.Security.Cryptography;
using LaboratoryBench.Processes;
using Workshop.AppHost.Postgres;
using Workshop.Tests.Fixtures;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Workshop.Tests.Fixtures;

/// <summary>
/// One real PostgreSQL server for the whole test run, started when the first test asks for it. Take it as a constructor
/// argument of the test class. Each class asks for a database of its own; tests of failover ask for a pair of servers.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private const int StartAttempts = 3;

    /// <summary>Only here: a test server that crashes with its machine is not missed.</summary>
    private static readonly Dictionary<string, string> Hasty = new(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["max_connections"] = "300",
    };

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string folder = TestFolders.Create("postgres");
    private readonly string password = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private PostgresInstallation? installation;
    private string? template;
    private PostgresServer? server;
    private int databases;

    /// <summary>Makes an empty database on the shared server.</summary>
    /// <returns>A connection string for its superuser.</returns>
    public async Task<string> CreateDatabase(CancellationToken ct)
    {
        var shared = await Server(ct);
        var number = Interlocked.Increment(ref databases);
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{number}");
        await shared.MakeDatabase(name, ct);
        return shared.ConnectionString(name);
    }

    /// <summary>
    /// Starts a primary and a standby that streams from it, on ports of their own, with <c>fsync</c> on.
    /// </summary>
    /// <param name="ct">Gives up.</param>
    /// <param name="settings">Settings of both servers beyond the base.</param>
    /// <returns>The pair; dispose of it to kill both and delete their data.</returns>
    public async Task<PostgresPair> CreatePair(
        CancellationToken ct,
        IReadOnlyDictionary<string, string>? settings = null
    )
    {
        var programs = await Installation(ct);
        var pair = new PostgresPair(programs, TestFolders.Create("pair"), password, settings);
        try
        {
            await pair.Start(await Template(ct), ct);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a primary and standbys that stream from it; nobody decides about them but the test.</summary>
    public async Task<PostgresGroup> CreateGroup(int count, CancellationToken ct)
    {
        var group = new PostgresGroup(await Installation(ct), TestFolders.Create("group"), password, count);
        try
        {
            await group.Start(await Template(ct), ct);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>The programs, found or fetched once.</summary>
    public async Task<PostgresInstallation> Installation(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            return installation ??= await Find(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
        gate.Dispose();
    }

    private async Task<PostgresServer> Server(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            return server ??= await StartServer(installation ??= await Find(ct), ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The data of a server that was never started, for all servers of the run.</summary>
    private async Task<string> Template(CancellationToken ct)
    {
        var programs = await Installation(ct);
        await gate.WaitAsync(ct);
        try
        {
            if (template is null)
            {
                var options = new PostgresOptions
                {
                    Name = "postgres-template",
                    Folder = Path.Combine(folder, "template"),
                    Port = FreePorts.Next(),
                    Password = password,
                };
                await using var made = new PostgresServer(programs, options);
                await made.Initialize(ct);
                template = options.Folder;
            }

            return template;
        }
        finally
        {
            gate.Release();
        }
    }

    private static Task<PostgresInstallation> Find(CancellationToken ct) =>
        PostgresInstallation.FindOrFetch(
            Environment.GetEnvironmentVariable(PostgresInstallation.FolderVariable),
            static message => TestContext.Current.SendDiagnosticMessage(message),
            ct
        );

    private async Task<PostgresServer> StartServer(PostgresInstallation programs, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var options = new PostgresOptions
            {
                Name = "postgres-tests",
                Folder = Path.Combine(folder, $"data-{attempt}"),
                Port = FreePorts.Next(),
                Password = password,
                Settings = Hasty,
            };
            var starting = new PostgresServer(programs, options);
            try
            {
                await starting.Initialize(ct);
                await starting.Start(ct);
                return starting;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                await starting.DisposeAsync(); // Someone else took the port in between.
            }
        }
    }
}
