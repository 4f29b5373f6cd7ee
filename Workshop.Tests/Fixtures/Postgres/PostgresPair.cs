using LaboratoryBench.Processes;
using Workshop.AppHost.Postgres;

namespace Workshop.Tests.Fixtures;

/// <summary>
/// Two real servers, <c>postgres-1</c> (starts as primary) and <c>postgres-2</c> (starts as its standby). Tests kill,
/// pause and promote as they like; <see cref="Rejoin"/> makes either a fresh standby of the other.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private readonly string folder;

    internal PostgresPair(
        PostgresInstallation programs,
        string folder,
        string password,
        IReadOnlyDictionary<string, string>? settings
    )
    {
        this.folder = folder;
        First = Server("postgres-1");
        Second = Server("postgres-2");

        PostgresServer Server(string name)
        {
            var options = new PostgresOptions
            {
                Name = name,
                Folder = Path.Combine(folder, name),
                Port = FreePorts.Next(),
                Password = password,
            };
            return new(programs, settings is null ? options : options with { Settings = settings });
        }
    }

    /// <summary><c>postgres-1</c>.</summary>
    public PostgresServer First { get; }

    /// <summary>
    /// <c>postgres-2</c>; its <c>application_name</c> is <c>postgres-2</c>, its slot <c>postgres_2</c>.
    /// </summary>
    public PostgresServer Second { get; }

    internal async Task Start(string template, CancellationToken ct)
    {
        await First.InitializeFrom(template, ct);
        await First.Start(ct);
        await Rejoin(Second, First, ct);
    }

    /// <summary>
    /// Makes <paramref name="server"/>, killed if it runs, a fresh copy of <paramref name="primary"/> that streams from
    /// it.
    /// </summary>
    public static async Task Rejoin(PostgresServer server, PostgresServer primary, CancellationToken ct)
    {
        await server.Kill(ct);
        await server.CopyFrom(primary, ct);
        await server.Start(ct);
        await server.WaitUntilStreaming(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
