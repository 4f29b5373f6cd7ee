using Npgsql;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// Connections to servers of which one is the primary. Of the workshop's own pair the driver finds out which one by asking;
/// what it found is forgotten when the conductor says that the roles changed, and after every error.
/// <para>
/// Where somebody else fails over nobody proves that an old primary has ended: it may hang, or take writes beside the new one.
/// There each server has connections of its own, and those of the primary that is published are used and no others.
/// </para>
/// </summary>
internal sealed class DatabasePair : IAsyncDisposable
{
    /// <summary>Longest time that one server is asked whether it is the primary.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    private const string TimelineSql = $"SELECT {WrittenTimeline.Sql}";

    private readonly ServerSources[] sources;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly PrimaryBreaker breaker;
    private TaskCompletionSource moved = NewSignal();
    private volatile ServerSources current;

    /// <summary>Makes the pools; connects when first asked.</summary>
    /// <param name="options">Which servers there are, and whether somebody else fails over.</param>
    /// <param name="services">Where the clock and logging are found.</param>
    public DatabasePair(StorageOptions options, IServiceProvider services)
    {
        time = services.GetRequiredService<TimeProvider>();
        var logging = services.GetRequiredService<ILoggerFactory>();
        sources = options.IsExternal
            ? [.. options.Servers.Select(server => new ServerSources(options.ConnectionString, [server], logging))]
            : [new ServerSources(options.ConnectionString, options.Servers, logging)];
        current = sources[0];
        breaker = new(time, services.GetRequiredService<Background>(), Look);
        if (sources.Length > 1)
        {
            // Any of them may be the primary: it is looked for, and does not wait for the registry's word.
            breaker.Trip();
        }
    }

    /// <summary>Connections to the primary that writes may use up.</summary>
    public NpgsqlDataSource PrimaryForWrites => current.PrimaryForWrites;

    /// <summary>Connections to the primary for reads.</summary>
    public NpgsqlDataSource PrimaryForReads => current.PrimaryForReads;

    /// <summary>
    /// Connections to the standbys: to read there, and to have them when one is promoted. One for both servers of a pair.
    /// </summary>
    public IReadOnlyList<ServerSources> Standbys =>
        sources.Length == 1 ? sources : [.. sources.Where(server => server != current)];

    /// <summary>Connections to the standby that the conductor names, for reads.</summary>
    public NpgsqlDataSource StandbyForReads =>
        (Find(Roles.Standby) ?? (Standbys is [var first, ..] ? first : current)).StandbyForReads;

    /// <summary>Who is who, as last heard.</summary>
    public PairRoles Roles { get; private set; } = PairRoles.Unknown;

    /// <summary>
    /// Ends when other connections are used than those of now: where somebody else fails over. In the workshop's own pair all
    /// sessions to an old primary end, before there is a new one.
    /// </summary>
    public Task Replaced => current.Retired;

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
            Follow(Find(roles.Primary) ?? current);
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

    /// <summary>Opens a connection for a write, once the primary is there.</summary>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<NpgsqlConnection> OpenWrite(CancellationToken ct)
    {
        await PrimaryThere(ct);
        return await PrimaryForWrites.OpenConnectionAsync(ct);
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
            foreach (var source in sources)
            {
                source.Clear();
            }
        }

        ForgetStates();
        await change.WaitAsync(wait, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        breaker.Dispose();
        foreach (var source in sources)
        {
            await source.DisposeAsync();
        }
    }

    /// <summary>Looks whether one of them is a primary, on sessions that are there already where there are any.</summary>
    private async Task Look(CancellationToken ct)
    {
        ForgetStates();
        if (sources.Length == 1)
        {
            await using var session = await PrimaryForWrites.OpenConnectionAsync(ct);
            return;
        }

        var asked = await Task.WhenAll(sources.Select(source => AskTimeline(source, ct)));
        var (timeline, found) = asked.Zip(sources).MaxBy(answer => answer.First ?? 0);
        lock (gate)
        {
            // The term is the primary's timeline: who is behind it has missed a promotion.
            Follow(
                timeline >= Roles.Term
                    ? found
                    : throw new NpgsqlException("None of the servers takes writes on the newest timeline.")
            );
        }
    }

    /// <summary>The timeline that a server writes; null when it is no primary, or does not answer.</summary>
    private static async Task<long?> AskTimeline(ServerSources source, CancellationToken ct)
    {
        var asking = Ask();
        try
        {
            return await asking.WaitAsync(AskLimit, ct);
        }
        catch (Exception error) when (Transience.IsTransient(error))
        {
            return null;
        }

        async Task<long?> Ask()
        {
            await using var session = await source.PrimaryForWrites.OpenConnectionAsync(ct);
            await using var command = new NpgsqlCommand(TimelineSql, session);
            return (long?)await command.ExecuteScalarAsync(ct);
        }
    }

    private void Follow(ServerSources next)
    {
        if (next != current)
        {
            var before = current;
            current = next;
            before.Retire();
        }
    }

    private ServerSources? Find(PairServer? server) =>
        server is null
            ? null
            : Array.Find(sources, one => one.Servers.Contains(server.Address, StringComparer.OrdinalIgnoreCase));

    private void ForgetStates()
    {
        foreach (var source in sources)
        {
            source.ForgetStates();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
