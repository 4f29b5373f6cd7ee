using Npgsql;

namespace Workshop.AppHost.Postgres;

/// <summary>One session of the superuser, outside every pool, and what the host asks in it.</summary>
internal sealed class ServerSession : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private ServerSession(NpgsqlConnection connection) => this.connection = connection;

    internal static async Task<ServerSession> Open(string connectionString, CancellationToken ct)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 30,
        };
        var session = new ServerSession(new(text.ConnectionString));
        try
        {
            await session.connection.OpenAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes a fresh physical replication slot that keeps the log from now on. One of that name may be there: in use by
    /// a standby that is dead, of which the primary may not know yet, or fallen too far behind and lost for good.
    /// </summary>
    internal async Task MakeSlot(string slot, CancellationToken ct)
    {
        const string sql = """
            SELECT pg_terminate_backend(active_pid, 2000) FROM pg_replication_slots WHERE slot_name = @slot AND active;
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = @slot;
            SELECT pg_create_physical_replication_slot(@slot, immediately_reserve => true);
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("slot", slot) } };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Drops the slot of a standby that has ended, of which its primary may not know yet. A primary that is away drops what
    /// nobody uses at its next start.
    /// </summary>
    internal static async Task TryDropSlot(string primary, string slot, CancellationToken ct)
    {
        const string sql = """
            SELECT pg_terminate_backend(active_pid, 2000) FROM pg_replication_slots WHERE slot_name = @slot AND active;
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = @slot;
            """;
        try
        {
            await using var session = await Open(primary, ct);
            await using var command = new NpgsqlCommand(sql, session.connection) { Parameters = { new("slot", slot) } };
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (NpgsqlException)
        {
            // Bounded by max_slot_wal_keep_size until then.
        }
    }

    /// <summary>Drops every slot that nobody uses.</summary>
    internal async Task DropSlots(CancellationToken ct)
    {
        const string sql = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active";
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Drops a slot that nobody uses.</summary>
    internal async Task DropSlot(string slot, CancellationToken ct)
    {
        const string sql = "SELECT pg_drop_replication_slot(@slot)";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("slot", slot) } };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>From here until <see cref="EndBackup"/>, in this same session, the folder may be copied.</summary>
    internal async Task BeginBackup(string label, CancellationToken ct)
    {
        const string sql = "SELECT pg_backup_start(@label, fast => true)";
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("label", label) } };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Ends the backup.</summary>
    /// <returns>What the copy's file <c>backup_label</c> must hold, to the letter.</returns>
    internal async Task<string> EndBackup(CancellationToken ct)
    {
        const string sql = "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)";
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Whether this server receives its primary's log.</summary>
    internal async Task<bool> IsStreaming(CancellationToken ct)
    {
        const string sql = "SELECT status = 'streaming' FROM pg_stat_wal_receiver";
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>Whether this server follows another.</summary>
    internal async Task<bool> IsInRecovery(CancellationToken ct)
    {
        const string sql = "SELECT pg_is_in_recovery()";
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>Makes an empty database unless there is one of that name.</summary>
    internal async Task MakeDatabase(string name, CancellationToken ct)
    {
        // CREATE DATABASE takes no parameters; format('%I') quotes the name as the server itself would.
        const string sql = """
            SELECT format('CREATE DATABASE %I', @name)
            WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = @name)
            """;
        await using var find = new NpgsqlCommand(sql, connection) { Parameters = { new("name", name) } };
        if (await find.ExecuteScalarAsync(ct) is string create)
        {
            try
            {
                await Run([create], ct);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase)
            {
                // Aspire makes a container's at the same time.
            }
        }
    }

    /// <summary>Makes an account that may log in, or gives it its password anew.</summary>
    internal async Task MakeAccount(string name, string password, CancellationToken ct)
    {
        // As above: CREATE ROLE takes no parameters.
        const string sql = """
            SELECT format('%s ROLE %I LOGIN NOSUPERUSER PASSWORD %L',
                CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = @name) THEN 'ALTER' ELSE 'CREATE' END,
                @name, @password)
            """;
        await using var write = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new("name", name), new("password", password) },
        };
        await Run([(string)(await write.ExecuteScalarAsync(ct))!], ct);
    }

    /// <summary>Runs statements of this program's own, or that the server itself has written.</summary>
    internal async Task Run(IEnumerable<string> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new(statement));
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
