using Npgsql;
using Registry.Conductor.StateMachine;

namespace Registry.Conductor;

/// <summary>What a probe asks a server.</summary>
internal interface IProbeQuestion
{
    /// <summary>Asks on the probe's own connection.</summary>
    Task<ProbeAnswer> Ask(NpgsqlConnection session, CancellationToken ct);
}

/// <summary>What the conductor has to know of a server of the pair.</summary>
/// <param name="other">The name under which the other server would stream from it.</param>
internal sealed class PairQuestion(string other) : IProbeQuestion
{
    private const string Sql = $"""
        SELECT
            pg_is_in_recovery(),
            {ProbeSql.LogPosition},
            current_setting('synchronous_standby_names') <> '',
            replica.state = 'streaming',
            replica.sync_state IN ('sync', 'quorum'),
            replica.flush_lsn,
            {ProbeSql.ReplayPosition},
            {ProbeSql.IsReplayPaused},
            {ProbeSql.IsCheckpointing}
        FROM (SELECT) AS one LEFT JOIN pg_stat_replication AS replica ON replica.application_name = $1
        ORDER BY replica.backend_start DESC NULLS LAST
        LIMIT 1
        """;

    public async Task<ProbeAnswer> Ask(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, session) { Parameters = { new() { Value = other } } };
        await command.PrepareAsync(ct);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(
            reader.GetBoolean(0),
            await ProbeSql.Position(reader, 1, ct) ?? 0,
            reader.GetBoolean(2),
            !await reader.IsDBNullAsync(3, ct) && reader.GetBoolean(3),
            !await reader.IsDBNullAsync(4, ct) && reader.GetBoolean(4),
            await ProbeSql.Position(reader, 5, ct),
            await ProbeSql.Position(reader, 6, ct),
            reader.GetBoolean(7),
            reader.GetBoolean(8)
        );
    }
}
