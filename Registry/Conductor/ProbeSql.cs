using Npgsql;
using NpgsqlTypes;

namespace Registry.Conductor;

/// <summary>What more than one question asks a server, in its own words.</summary>
internal static class ProbeSql
{
    /// <summary>The end of the log that it has: flushed by a primary, received or replayed by a standby.</summary>
    public const string LogPosition = """
        CASE WHEN pg_is_in_recovery()
            THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
            ELSE pg_current_wal_flush_lsn()
        END
        """;

    /// <summary>How far a standby has replayed; null of a primary.</summary>
    public const string ReplayPosition = "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END";

    /// <summary>Whether somebody has paused the replay.</summary>
    public const string IsReplayPaused = "CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END";

    /// <summary>
    /// Whether the checkpointer is in the middle of a checkpoint that takes no note of settings, as one does that is in a hurry.
    /// Asked of a primary whose writes are to wait; to the others it makes no difference.
    /// </summary>
    public const string IsCheckpointing = """
        CASE WHEN pg_is_in_recovery() OR current_setting('synchronous_standby_names') = '' THEN false
            ELSE NOT EXISTS (
                SELECT FROM pg_stat_activity
                WHERE backend_type = 'checkpointer' AND wait_event IN ('CheckpointerMain', 'CheckpointWriteDelay')
            )
        END
        """;

    /// <summary>
    /// The timeline on which a primary writes: the first eight digits of a log file's name, for the control file knows it only
    /// after the next checkpoint.
    /// </summary>
    public const string WrittenTimeline =
        "('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::bigint";

    /// <summary>Reads a position in the log.</summary>
    public static async Task<long?> Position(NpgsqlDataReader reader, int column, CancellationToken ct) =>
        await reader.IsDBNullAsync(column, ct)
            ? null
            : (long)(ulong)await reader.GetFieldValueAsync<NpgsqlLogSequenceNumber>(column, ct);
}
