using Npgsql;
using Registry.Conductor;
using Registry.Conductor.StateMachine;

namespace Registry.Observer;

/// <summary>
/// What an observer asks a server: facts only. An account with <c>pg_monitor</c> sees all of them; without it who streams is
/// not known.
/// </summary>
internal sealed class ObserverQuestion : IProbeQuestion
{
    private const string Self = $"""
        SELECT
            pg_is_in_recovery(),
            {ProbeSql.LogPosition},
            {ProbeSql.ReplayPosition},
            {ProbeSql.IsReplayPaused},
            CASE WHEN pg_is_in_recovery()
                THEN coalesce((SELECT received_tli FROM pg_stat_wal_receiver), checkpoint.timeline_id)::bigint
                ELSE {ProbeSql.WrittenTimeline}
            END,
            (SELECT system_identifier::text FROM pg_control_system()),
            current_setting('synchronous_standby_names'),
            (SELECT substring(conninfo FROM 'application_name=''?([^'' ]+)') FROM pg_stat_wal_receiver)
        FROM pg_control_checkpoint() AS checkpoint
        """;

    private const string Streams = """
        SELECT coalesce(application_name, ''), state, sync_state FROM pg_stat_replication
        WHERE state IS DISTINCT FROM 'backup'
        """;

    public async Task<ProbeAnswer> Ask(NpgsqlConnection session, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(session) { BatchCommands = { new(Self), new(Streams) } };
        await batch.PrepareAsync(ct);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var answer = new ObservedAnswer(
            reader.GetBoolean(0),
            await ProbeSql.Position(reader, 1, ct) ?? 0,
            await ProbeSql.Position(reader, 2, ct),
            reader.GetBoolean(3)
        )
        {
            Timeline = reader.GetInt64(4),
            System = reader.GetString(5),
            SyncNames = reader.GetString(6),
            StreamName = await Text(reader, 7, ct),
        };
        await reader.NextResultAsync(ct);
        var streams = new List<ObservedStream>();
        while (await reader.ReadAsync(ct))
        {
            streams.Add(new(reader.GetString(0), await Text(reader, 1, ct), await Text(reader, 2, ct)));
        }

        return answer with
        {
            Streams = streams,
        };
    }

    private static async Task<string?> Text(NpgsqlDataReader reader, int column, CancellationToken ct) =>
        await reader.IsDBNullAsync(column, ct) ? null : reader.GetString(column);
}
