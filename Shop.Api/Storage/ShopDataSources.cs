using Npgsql;
using Workshop.ServiceDefaults.Telemetry;

namespace Shop.Api.Storage;

/// <summary>Connection settings that all modes share.</summary>
internal static class ShopDataSources
{
    /// <summary>
    /// Writes at the database at a time, for each server of the shop. Each holds a session, also when it waits for a standby.
    /// </summary>
    public const int MaxWrites = 12;

    /// <summary>
    /// Connections for writes per server: one for each write, and some for short questions (health, the clock, how far the
    /// primary is), which must not wait for commits that wait. Reads have their own.
    /// </summary>
    public const int MaxWriteConnections = MaxWrites + 4;

    /// <summary>
    /// Connections for reads per server. Two servers stay within the 100 connections that PostgreSQL takes as it comes.
    /// </summary>
    public const int MaxReadConnections = 6;

    /// <summary>
    /// First what the commit guard stands on: it hears of a wait that was given up by a notice, and no setting of a role or
    /// a database may silence it. Then the server's own limits, since nothing here is cancelled: they end work that was left
    /// behind, and the transaction of a shop server that was paused in it, so that its row locks go. None of them reaches a
    /// commit that waits for the standby. The limit of a wait for a row is below <see cref="ShopStorage.RequestLimit"/>: its end
    /// is an answer, by which a database that is busy is told from one that is silent.
    /// </summary>
    private const string SessionOptions =
        "-c client_min_messages=notice -c synchronous_commit=on"
        + " -c lock_timeout=1500ms -c statement_timeout=10s -c idle_in_transaction_session_timeout=5s";

    /// <summary>The host's connection string with the settings that failover needs.</summary>
    /// <param name="connectionString">As the host gave it.</param>
    /// <param name="maxConnections">Size of the pool.</param>
    /// <returns>Settings to build a data source with.</returns>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString, int maxConnections) =>
        new(connectionString)
        {
            Timeout = 2,
            // The driver's own limit would end in a cancel; the server's are in the session's options.
            CommandTimeout = 0,
            MaxPoolSize = maxConnections,
            Multiplexing = false,
            // The driver's reset, seven statements before the next use, costs more than most requests. Nothing here changes
            // a session but the migration, which sets it right again; an open transaction is rolled back all the same.
            NoResetOnClose = true,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            Options = SessionOptions,
        };

    /// <summary>A connection string that reaches whichever server takes writes.</summary>
    public static string PrimaryOf(StorageOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Timeout = 2 };
        if (options.HasStandby)
        {
            settings.Host = string.Join(',', options.Servers);
            settings.TargetSessionAttributes = "primary";
        }

        return settings.ConnectionString;
    }

    /// <summary>Spans that say which statement it was, and not only that it was one.</summary>
    public static void NameSpans(NpgsqlDataSourceBuilder source) =>
        source.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandSpanNameProvider(command => SqlSummary.Of(command.CommandText))
                .ConfigureBatchSpanNameProvider(batch =>
                    SqlSummary.Of(batch.BatchCommands.Cast<NpgsqlBatchCommand>().Select(command => command.CommandText))
                )
        );
}
