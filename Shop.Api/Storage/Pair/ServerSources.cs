using Npgsql;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// Connections to some servers, of which the driver finds the primary and the standbys by asking. Reads and writes have pools
/// of their own.
/// </summary>
internal sealed class ServerSources : IAsyncDisposable
{
    /// <summary>
    /// How long the driver trusts what it found about a server when nobody tells it better, in seconds.
    /// </summary>
    private const int HostRecheckSeconds = 1;

    private readonly NpgsqlMultiHostDataSource writing;
    private readonly NpgsqlMultiHostDataSource reading;
    private TaskCompletionSource retired = NewSignal();

    /// <summary>Makes the pools; connects when first asked.</summary>
    /// <param name="connectionString">User, password and database.</param>
    /// <param name="servers">The servers, as <c>host:port</c>.</param>
    /// <param name="logging">Hears the driver.</param>
    public ServerSources(string connectionString, IReadOnlyList<string> servers, ILoggerFactory logging)
    {
        Servers = servers;
        writing = Source(
            connectionString,
            servers,
            WarmSessions.ForWrites,
            ShopDataSources.MaxWriteConnections,
            logging
        );
        reading = Source(connectionString, servers, WarmSessions.ForReads, ShopDataSources.MaxReadConnections, logging);
        PrimaryForWrites = writing.WithTargetSession(TargetSessionAttributes.Primary);
        PrimaryForReads = reading.WithTargetSession(TargetSessionAttributes.Primary);
        StandbyForWrites = writing.WithTargetSession(TargetSessionAttributes.Standby);
        StandbyForReads = reading.WithTargetSession(TargetSessionAttributes.Standby);
    }

    /// <summary>The servers, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> Servers { get; }

    /// <summary>Connections to the primary that writes may use up.</summary>
    public NpgsqlDataSource PrimaryForWrites { get; }

    /// <summary>Connections to the primary for reads.</summary>
    public NpgsqlDataSource PrimaryForReads { get; }

    /// <summary>
    /// Connections to a standby from the pool of the writes: not to write there, but to have them when it is promoted.
    /// </summary>
    public NpgsqlDataSource StandbyForWrites { get; }

    /// <summary>Connections to a standby, for reads.</summary>
    public NpgsqlDataSource StandbyForReads { get; }

    /// <summary>Ends when others are used instead of these; then it begins anew.</summary>
    public Task Retired => retired.Task;

    /// <summary>Others are used from now on.</summary>
    public void Retire() => Interlocked.Exchange(ref retired, NewSignal()).SetResult();

    /// <summary>Who is who is asked again, on each session before its next use.</summary>
    public void ForgetStates()
    {
        writing.ClearDatabaseStates();
        reading.ClearDatabaseStates();
    }

    /// <summary>No session is used again.</summary>
    public void Clear()
    {
        writing.Clear();
        reading.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await writing.DisposeAsync();
        await reading.DisposeAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static NpgsqlMultiHostDataSource Source(
        string connectionString,
        IReadOnlyList<string> servers,
        int minConnections,
        int maxConnections,
        ILoggerFactory logging
    )
    {
        var settings = ShopDataSources.Settings(connectionString, maxConnections);
        settings.Host = string.Join(',', servers);
        settings.HostRecheckSeconds = HostRecheckSeconds;
        settings.MinPoolSize = minConnections;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(logging);
        ShopDataSources.NameSpans(builder);
        return builder.BuildMultiHost();
    }
}
