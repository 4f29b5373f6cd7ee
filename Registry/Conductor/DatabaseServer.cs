using Npgsql;
using Registry.Leases;

namespace Registry.Conductor;

/// <summary>One server of the pair: its address, and what the conductor tells it in SQL.</summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    /// <summary>Marks the conductor's own sessions, so that they are not taken for clients.</summary>
    private const string ApplicationName = "workshop-conductor";

    /// <summary>Longest time for a connection, in seconds.</summary>
    private const int ConnectTimeoutSeconds = 1;

    /// <summary>
    /// The driver's own bound of a command, in seconds. It is only the backstop: on a server that hangs the driver waits
    /// seconds longer for its request to cancel, so who calls gives up by itself after <see cref="CommandTimeout"/>.
    /// </summary>
    private const int CommandTimeoutSeconds = 30;

    /// <summary>A checkpoint writes all that is dirty, which takes what it takes.</summary>
    private const int CheckpointTimeoutSeconds = 120;

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A setting of whom writes wait for that is still not noted by then is not read any more: it has failed for the conductor,
    /// which is in doubt of the wait for longer than this, and decides anew.
    /// </summary>
    private static readonly TimeSpan LongestLateWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ClientsTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClientsPollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PromoteTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PromotePollInterval = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Readers that hold a snapshot for longer than a query of the shop's takes: replay may have to wait for them, and with it
    /// the promotion. Idle ones are ended too, for a cancel does not reach them. A superuser's are its own to end: replay waits
    /// for them as long as the server's settings say, half a second.
    /// </summary>
    private const string EndReaders = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
            AND xact_start < now() - interval '100 ms'
            AND ((SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                OR NOT (SELECT rolsuper FROM pg_roles WHERE pg_roles.oid = usesysid))
        """;

    /// <summary>
    /// Uses more than the memory that a query may take, so the server writes a file beside its data: without room it fails, on
    /// a standby too, and nothing is left behind.
    /// </summary>
    private const string UseRoom = "SELECT count(*) FROM generate_series(1, 20000)";

    /// <summary>For the one transaction in which it stands.</summary>
    private const string LittleMemory = "SELECT set_config('work_mem', '64kB', true)";

    private readonly NpgsqlDataSource straight;
    private readonly string connectionString;
    private readonly Func<int?> detour;
    private readonly Lock gate = new();
    private Way? around;

    /// <summary>Makes the server known.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="sessions">Sessions for commands.</param>
    /// <param name="connectionString">Where it is.</param>
    /// <param name="detour">A port of 127.0.0.1 that leads there during an experiment; null at all other times.</param>
    public DatabaseServer(string name, NpgsqlDataSource sessions, string connectionString, Func<int?>? detour = null)
    {
        Name = name;
        (straight, this.connectionString, this.detour) = (sessions, connectionString, detour ?? (() => null));
        var text = Settings(connectionString);
        Address = $"{text.Host}:{text.Port}";
    }

    /// <summary>How the conductor connects to a server.</summary>
    internal static NpgsqlConnectionStringBuilder Settings(string connectionString) =>
        new(connectionString)
        {
            ApplicationName = ApplicationName,
            Timeout = ConnectTimeoutSeconds,
            CommandTimeout = CommandTimeoutSeconds,
            MaxPoolSize = 4,
            // In recovery nothing of a session may be reset, and nothing here leaves anything behind.
            NoResetOnClose = true,
        };

    /// <summary>The resource's name.</summary>
    public string Name { get; }

    /// <summary><c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>The port of 127.0.0.1 that leads there during an experiment; null for straight there.</summary>
    public int? Detour => detour();

    /// <summary>For the one connection that is kept for probing.</summary>
    /// <param name="port">As <see cref="Detour"/> said.</param>
    public string ProbeConnectionString(int? port)
    {
        var text = By(port);
        text.Pooling = false;
        return text.ConnectionString;
    }

    /// <summary>Straight to the server, or around by an experiment's proxy.</summary>
    private NpgsqlDataSource Sessions
    {
        get
        {
            if (detour() is not { } port)
            {
                return straight;
            }

            // The probe, the disk's watch and the conductor ask at the same time.
            lock (gate)
            {
                if (around?.Port != port)
                {
                    around?.Sessions.Dispose();
                    around = new(port, NpgsqlDataSource.Create(By(port)));
                }

                return around.Sessions;
            }
        }
    }

    private NpgsqlConnectionStringBuilder By(int? port)
    {
        var text = Settings(connectionString);
        if (port is { } detoured)
        {
            (text.Host, text.Port) = ("127.0.0.1", detoured);
        }

        return text;
    }

    /// <summary>
    /// Makes a standby a primary: <c>pg_promote(false)</c> and polling of our own, for the server's own waiting polls
    /// every 100 ms only.
    /// </summary>
    /// <exception cref="TimeoutException">It is still a standby.</exception>
    public Task Promote(CancellationToken ct) => PromoteAndPoll(ct).WaitAsync(PromoteTimeout, ct);

    private async Task PromoteAndPoll(CancellationToken ct)
    {
        await using var session = await Sessions.OpenConnectionAsync(ct);
        await Run(session, EndReaders, ct);
        await Run(session, "SELECT pg_promote(false)", ct);
        await using var ask = new NpgsqlCommand("SELECT pg_is_in_recovery()", session);
        while (await ask.ExecuteScalarAsync(ct) is true)
        {
            await Task.Delay(PromotePollInterval, ct);
        }
    }

    /// <summary>
    /// Makes writes wait for the standby of that name, or, with null, for nobody. Works on a standby too.
    /// </summary>
    public Task WaitForStandby(string? name, CancellationToken ct) =>
        Set("synchronous_standby_names", name is null ? "" : $"FIRST 1 (\"{name}\")", LongestLateWait, ct)
            .WaitAsync(CommandTimeout, ct);

    /// <summary>Sets one setting for good and makes the server read it.</summary>
    public Task SetAndReload(string setting, string value, CancellationToken ct) =>
        Set(setting, value, TimeSpan.MaxValue, ct).WaitAsync(CommandTimeout, ct);

    private async Task Set(string setting, string value, TimeSpan within, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var session = await Sessions.OpenConnectionAsync(ct);
        // ALTER SYSTEM takes no parameters, and stands in no transaction; format() quotes as the server itself would.
        await using var format = new NpgsqlCommand(
            "SELECT format('ALTER SYSTEM SET %I = %L', @setting, @value)",
            session
        )
        {
            Parameters = { new("setting", setting), new("value", value) },
        };
        await Run(session, (string)(await format.ExecuteScalarAsync(ct))!, ct);
        if (TimeProvider.System.GetElapsedTime(began) >= within)
        {
            throw new TimeoutException($"{Name} took too long to note {setting}.");
        }

        await Run(session, "SELECT pg_reload_conf()", ct);
    }

    /// <summary>A setting as it is in force.</summary>
    public Task<string> Read(string setting, CancellationToken ct) =>
        Current(setting, ct).WaitAsync(CommandTimeout, ct);

    private async Task<string> Current(string setting, CancellationToken ct)
    {
        await using var command = Sessions.CreateCommand("SELECT current_setting(@setting)");
        command.Parameters.Add(new("setting", setting));
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Whether the server's disk has room.</summary>
    /// <returns>False when it has none.</returns>
    /// <exception cref="NpgsqlException">The server says something else, or nothing.</exception>
    public async Task<bool> HasRoom(CancellationToken ct)
    {
        try
        {
            await using var session = await Sessions.OpenConnectionAsync(ct);
            await using var batch = new NpgsqlBatch(session) { BatchCommands = { new(LittleMemory), new(UseRoom) } };
            await batch.ExecuteNonQueryAsync(ct).WaitAsync(CommandTimeout, ct);
            return true;
        }
        catch (PostgresException full)
            when (string.Equals(full.SqlState, PostgresErrorCodes.DiskFull, StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Has a session ready, so that a promotion does not begin with a handshake.</summary>
    public async Task WarmUp(CancellationToken ct)
    {
        await using var session = await Sessions.OpenConnectionAsync(ct);
    }

    /// <summary>The server died, or hangs: none of the sessions is any good.</summary>
    public void ForgetSessions()
    {
        straight.Clear();
        around?.Sessions.Clear();
    }

    /// <summary>Writes all that is dirty, so that the new timeline stands in the control file.</summary>
    public async Task Checkpoint(CancellationToken ct)
    {
        await using var command = Sessions.CreateCommand("CHECKPOINT");
        command.CommandTimeout = CheckpointTimeoutSeconds;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The timeline on which it writes.</summary>
    public async Task<long> Timeline(CancellationToken ct)
    {
        await using var command = Sessions.CreateCommand($"SELECT {ProbeSql.WrittenTimeline}");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Waits until a client's query is seen on this server, which has just become primary.</summary>
    /// <returns>The time from <paramref name="promotedAt"/> until then; null when none came within 5 s.</returns>
    public async Task<TimeSpan?> FirstClientSeen(DateTimeOffset promotedAt, SteadyClock steady, CancellationToken ct)
    {
        const string sql = """
            SELECT EXISTS (
                SELECT FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND application_name <> $1 AND query_start > $2)
            """;
        await using var session = await Sessions.OpenConnectionAsync(ct);
        await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", session);
        var since = (DateTime)(await clock.ExecuteScalarAsync(ct))! - (steady.Now - promotedAt);
        await using var ask = new NpgsqlCommand(sql, session)
        {
            Parameters =
            {
                new() { Value = ApplicationName },
                new() { Value = since },
            },
        };
        while (steady.Now - promotedAt < ClientsTimeout)
        {
            if (await ask.ExecuteScalarAsync(ct) is true)
            {
                return steady.Now - promotedAt;
            }

            await Task.Delay(ClientsPollInterval, steady.Time, ct);
        }

        return null;
    }

    /// <summary>Ends its sessions; it may be made known again.</summary>
    public ValueTask DisposeAsync()
    {
        straight.Clear();
        return around?.Sessions.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>Sessions by an experiment's proxy.</summary>
    private sealed record Way(int Port, NpgsqlDataSource Sessions);

    /// <summary>Runs text that came from this class or from the server's own <c>format()</c>.</summary>
    private static async Task Run(NpgsqlConnection session, string sql, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(session) { BatchCommands = { new(sql) } };
        await batch.ExecuteNonQueryAsync(ct);
    }
}
