using Npgsql;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// Connections to two servers of which one is the primary. The driver finds out which one by asking; what it found is
/// forgotten when the conductor says that the roles changed, and after every error.
/// </summary>
internal sealed class DatabasePair : IAsyncDisposable
{
    /// <summary>
    /// How long the driver trusts what it found about a server when nobody tells it better, in seconds.
    /// </summary>
    private const int HostRecheckSeconds = 1;

    private readonly NpgsqlMultiHostDataSource writing;
    private readonly NpgsqlMultiHostDataSource reading;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly PrimaryBreaker breaker;
    private TaskCompletionSource moved = NewSignal();

    /// <summary>Makes the pools; connects when first asked.</summary>
    /// <param name="connectionString">The server that is the primary at first.</param>
    /// <param name="standby">The other server, such as <c>tcp://localhost:5434</c>.</param>
    /// <param name="services">Where the clock and logging are found.</param>
    public DatabasePair(string connectionString, Uri standby, IServiceProvider services)
    {
        time = services.GetRequiredService<TimeProvider>();
        var logging = services.GetRequiredService<ILoggerFactory>();
        writing = Source(connectionString, standby, ShopDataSources.MaxWriteConnections, logging);
        reading = Source(connectionString, standby, ShopDataSources.MaxReadConnections, logging);
        PrimaryForWrites = writing.WithTargetSession(TargetSessionAttributes.Primary);
        PrimaryForReads = reading.WithTargetSession(TargetSessionAttributes.Primary);
        StandbyForWrites = writing.WithTargetSession(TargetSessionAttributes.Standby);
        StandbyForReads = reading.WithTargetSession(TargetSessionAttributes.Standby);
        breaker = new(time, services.GetRequiredService<Background>(), Look);
    }

    /// <summary>Connections to the primary that writes may use up.</summary>
    public NpgsqlDataSource PrimaryForWrites { get; }

    /// <summary>Connections to the primary for reads.</summary>
    public NpgsqlDataSource PrimaryForReads { get; }

    /// <summary>
    /// Connections to the standby from the pool of the writes: not to write there, but to have them when it is promoted.
    /// </summary>
    public NpgsqlDataSource StandbyForWrites { get; }

    /// <summary>Connections to the standby, for reads.</summary>
    public NpgsqlDataSource StandbyForReads { get; }

    /// <summary>Who is who, as last heard.</summary>
    public PairRoles Roles { get; private set; } = PairRoles.Unknown;

    /// <summary>Ends at the next change of the roles.</summary>
    public Task Moved
    {
        get
        {
            lock (gate)
            {
                return moved.Task;
            }
        }
    }

    /// <summary>
    /// Takes in the conductor's word. Idle sessions stay: each is asked what its server is before it is used again, those of
    /// a dead server fall out at that, and those of the standby are what the new primary is reached by.
    /// </summary>
    /// <param name="roles">Who is who now.</param>
    /// <returns>True when that changed where the primary is.</returns>
    public bool Take(PairRoles roles)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            var changed = roles.Moved(Roles);
            Roles = roles;
            if (!changed)
            {
                return false;
            }

            signal = moved;
            moved = NewSignal();
        }

        ForgetStates();
        signal.SetResult();
        if (roles.Primary is null)
        {
            breaker.Trip();
        }
        else
        {
            breaker.Close();
        }

        return true;
    }

    /// <summary>Waits while the primary is known to be lost.</summary>
    /// <param name="ct">Ends the wait.</param>
    public Task PrimaryThere(CancellationToken ct) => breaker.Passed(ct);

    /// <summary>
    /// Waits before another try: until the roles change, or <paramref name="wait"/> is over. After the loss of a session the
    /// primary counts as lost, unless another one has been told since.
    /// </summary>
    /// <param name="error">Why the last try failed.</param>
    /// <param name="change"><see cref="Moved"/>, as it was before the try that failed.</param>
    /// <param name="wait">The longest wait.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task Recover(Exception error, Task change, TimeSpan wait, CancellationToken ct)
    {
        var isOfEarlier = change.IsCompleted && Roles.Primary is not null;
        if (Transience.IsLostSession(error) && !isOfEarlier)
        {
            breaker.Trip();
            return;
        }

        if (Transience.IsStalePlan(error))
        {
            writing.Clear();
            reading.Clear();
        }

        ForgetStates();
        await change.WaitAsync(wait, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        breaker.Dispose();
        await writing.DisposeAsync();
        await reading.DisposeAsync();
    }

    /// <summary>Looks whether one of the two is a primary, on sessions that are there already where there are any.</summary>
    private async Task Look(CancellationToken ct)
    {
        ForgetStates();
        await using var session = await PrimaryForWrites.OpenConnectionAsync(ct);
    }

    private void ForgetStates()
    {
        writing.ClearDatabaseStates();
        reading.ClearDatabaseStates();
    }

    private static NpgsqlMultiHostDataSource Source(
        string connectionString,
        Uri standby,
        int maxConnections,
        ILoggerFactory logging
    )
    {
        var settings = ShopDataSources.Settings(connectionString, maxConnections);
        settings.Host = $"{settings.Host}:{settings.Port},{standby.Host}:{standby.Port}";
        settings.HostRecheckSeconds = HostRecheckSeconds;
        settings.MinPoolSize = WarmSessions.PerPool;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(logging);
        ShopDataSources.NameSpans(builder);
        return builder.BuildMultiHost();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
