using System.Globalization;
using LaboratoryBench.Processes;
using Npgsql;
using Workshop.AppHost.Postgres;

namespace Workshop.Tests.Fixtures;

/// <summary>
/// Any number of real servers, <c>postgres-1</c> (starts as primary) and so on, of which commits wait for any one standby.
/// Tests decide as a manager of such servers would: the standby that has most is promoted, the others follow it.
/// </summary>
public sealed class PostgresGroup : IAsyncDisposable
{
    private readonly string folder;

    internal PostgresGroup(PostgresInstallation programs, string folder, string password, int count)
    {
        this.folder = folder;
        Servers =
        [
            .. Enumerable
                .Range(1, count)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"postgres-{number}"))
                .Select(name => new PostgresServer(
                    programs,
                    new()
                    {
                        Name = name,
                        Folder = Path.Combine(folder, name),
                        Port = FreePorts.Next(),
                        Password = password,
                    }
                )),
        ];
    }

    /// <summary>All servers, by number.</summary>
    public IReadOnlyList<PostgresServer> Servers { get; }

    /// <summary>Every server's address in one connection string.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(Servers[0].ConnectionString())
        {
            Host = string.Join(
                ',',
                Servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"localhost:{server.Port}"))
            ),
        }.ConnectionString;

    internal async Task Start(string template, CancellationToken ct)
    {
        await Servers[0].InitializeFrom(template, ct);
        await Servers[0].Start(ct);
        foreach (var standby in Servers.Skip(1))
        {
            await PostgresPair.Rejoin(standby, Servers[0], ct);
        }

        await WaitForAny(Servers[0], Servers.Skip(1), ct);
    }

    /// <summary>Makes the standby that has most the primary, and the other running ones its standbys.</summary>
    /// <param name="old">The primary that is given up; dead, or not.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The new primary.</returns>
    public async Task<PostgresServer> FailOver(PostgresServer old, CancellationToken ct)
    {
        var standbys = new List<(PostgresServer Server, long Position)>();
        foreach (var server in Servers.Where(server => server != old))
        {
            var position = await Scalar<decimal>(server, "SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn", ct);
            standbys.Add((server, (long)position));
        }

        var next = standbys.MaxBy(standby => standby.Position).Server;
        var others = standbys.Select(standby => standby.Server).Where(server => server != next).ToArray();
        // Before it takes writes: none is to be acknowledged by it alone.
        await WaitForAny(next, others.Append(old), ct);
        await Scalar<bool>(next, "SELECT pg_promote(true)", ct);
        foreach (var other in others)
        {
            await next.Ask(
                $"SELECT pg_create_physical_replication_slot('{other.Slot}', true) WHERE NOT EXISTS "
                    + $"(SELECT FROM pg_replication_slots WHERE slot_name = '{other.Slot}')",
                ct
            );
            var port = string.Create(CultureInfo.InvariantCulture, $"port={next.Port}");
            var change = await Scalar<string>(
                other,
                $"SELECT format('ALTER SYSTEM SET primary_conninfo = %L', regexp_replace(current_setting('primary_conninfo'), 'port=[0-9]+', '{port}'))",
                ct
            );
            await other.Ask(change, ct);
            await other.Ask("SELECT pg_reload_conf()", ct);
        }

        return next;
    }

    /// <summary>Makes commits wait for any one of the standbys.</summary>
    private static async Task WaitForAny(
        PostgresServer primary,
        IEnumerable<PostgresServer> standbys,
        CancellationToken ct
    )
    {
        var names = string.Join(", ", standbys.Select(standby => $"\"{standby.Name}\""));
        await primary.Ask($"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({names})'", ct);
        await primary.Ask("SELECT pg_reload_conf()", ct);
    }

    private static async Task<T> Scalar<T>(PostgresServer server, string sql, CancellationToken ct) =>
        (T)(await server.Ask(sql, ct))!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers.Reverse())
        {
            await server.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
