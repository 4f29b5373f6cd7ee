using Npgsql;
using NpgsqlTypes;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.Facts;

/// <summary>What a server told about itself.</summary>
/// <param name="Facts">For people.</param>
/// <param name="LagBytes">Of its replica, where it has one.</param>
/// <param name="LagMilliseconds">Of its replica, where it has one.</param>
internal sealed record ProbeResult(ServerFacts Facts, long? LagBytes, double? LagMilliseconds);

/// <summary>Asks one database server about itself, over a connection of its own.</summary>
internal sealed class ServerProbe : IAsyncDisposable
{
    private const string Self = $"""
        SELECT pg_is_in_recovery(),
               CASE WHEN pg_is_in_recovery() THEN timeline_id::bigint
                    ELSE {WrittenTimeline.Sql} END,
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
        FROM pg_control_checkpoint()
        """;

    private const string Streams = """
        SELECT application_name || ': ' || state || ', ' || sync_state,
               pg_wal_lsn_diff(pg_current_wal_flush_lsn(), replay_lsn)::bigint,
               (extract(epoch FROM replay_lag) * 1000)::float8
        FROM pg_stat_replication
        WHERE NOT pg_is_in_recovery() AND state <> 'backup'
        ORDER BY application_name
        """;

    /// <summary>Whole seconds are the driver's smallest; the caller's token ends the wait earlier.</summary>
    private const int TimeoutSeconds = 1;

    private readonly NpgsqlDataSource source;
    private readonly string address;

    public ServerProbe(string connectionString, string address)
    {
        this.address = address;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = address[..address.LastIndexOf(':')],
            Port = int.Parse(
                address.AsSpan(address.LastIndexOf(':') + 1),
                System.Globalization.CultureInfo.InvariantCulture
            ),
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            MaxPoolSize = 2,
        };
        source = NpgsqlDataSource.Create(settings.ConnectionString);
    }

    /// <summary>Asks; a server that does not answer is a fact too.</summary>
    public async Task<ProbeResult> Ask(PairServer server, CancellationToken ct)
    {
        var silent = new ServerFacts(server.Name, address, server.Role, false, null, null, null, []);
        try
        {
            return await Query(silent, ct).WaitAsync(ct);
        }
        catch (Exception error) when (Transience.IsTransient(error) || error is OperationCanceledException)
        {
            return new(silent, null, null);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<ProbeResult> Query(ServerFacts silent, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Self), new(Streams) } };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var facts = silent with
        {
            Answers = true,
            IsStandby = reader.GetBoolean(0),
            Timeline = reader.GetInt64(1),
            Position = await reader.IsDBNullAsync(2, ct)
                ? null
                : (await reader.GetFieldValueAsync<NpgsqlLogSequenceNumber>(2, ct)).ToString(),
        };
        await reader.NextResultAsync(ct);
        var streams = new List<string>();
        long? lagBytes = null;
        double? lagMilliseconds = null;
        while (await reader.ReadAsync(ct))
        {
            streams.Add(reader.GetString(0));
            lagBytes ??= await reader.IsDBNullAsync(1, ct) ? null : reader.GetInt64(1);
            // PostgreSQL shows no lag at all once a replica has caught up and nothing is written.
            lagMilliseconds ??= await reader.IsDBNullAsync(2, ct) ? 0 : reader.GetDouble(2);
        }

        return new(facts with { Streams = streams }, lagBytes, lagMilliseconds);
    }
}
