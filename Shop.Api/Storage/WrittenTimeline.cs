namespace Shop.Api.Storage;

/// <summary>The timeline that a primary writes, which rises by one with every promotion.</summary>
internal static class WrittenTimeline
{
    /// <summary>
    /// A bigint in SQL. Only for a server that is not in recovery. The control file has it later, after a checkpoint.
    /// </summary>
    public const string Sql = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint";
}
