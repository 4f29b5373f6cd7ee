using Npgsql;
using Shop.Api.Storage.Pair;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.AsynchronousReplication;

/// <summary>
/// A primary, and a replica behind it. A write is acknowledged when the primary has it on disk. A read goes to the replica
/// when its client carries a token and the replica has what the token says; otherwise to the primary.
/// </summary>
internal sealed class ReplicatedStorage(DatabasePair pair, ReadTokens tokens, IServiceProvider services) : IStorageMode
{
    /// <summary>Longest time that a reader waits for the replica to open and to say how far it is.</summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time for a read on the replica, up to its first row.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How far a standby is. The timeline is that of its last restart point and may be old: then the primary is asked.
    /// </summary>
    private const string Replayed = """
        SELECT pg_last_wal_replay_lsn(), timeline_id::bigint FROM pg_control_checkpoint() WHERE pg_is_in_recovery()
        """;

    private readonly Background background = services.GetRequiredService<Background>();

    private readonly ReplicaBreaker breaker = new(services.GetRequiredService<TimeProvider>());

    private readonly ReadPositions positions = new(pair, tokens);

    public bool Replicated => true;

    public ValueTask<NpgsqlConnection> OpenWrite(CancellationToken ct) => pair.OpenWrite(ct);

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct)
    {
        if (tokens.Seen is not { } seen)
        {
            await pair.PrimaryThere(ct);
        }
        else if (breaker.IsClosed && await OpenReplica(seen, ct) is { } behind)
        {
            return new(behind) { Limit = ReadLimit, Unfit = breaker.Trip };
        }
        else
        {
            await PrimarySoon(ct);
        }

        return new(await pair.PrimaryForReads.OpenConnectionAsync(ct)) { Seen = positions.Note };
    }

    public void Acknowledged(CommitPosition position) => tokens.Add(position);

    public Task Moved => pair.Moved;

    public Task Replaced => pair.Replaced;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) =>
        pair.Recover(error, moved, wait, ct);

    /// <summary>
    /// Not longer: the replica that was slow, or not far enough, may be the first to be there. Who gives up leaves the line
    /// before the primary, or would keep a place in it from those who still wait.
    /// </summary>
    private async Task PrimarySoon(CancellationToken ct)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(OpenLimit);
        try
        {
            await pair.PrimaryThere(soon.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The primary was not there in time.", late);
        }
    }

    /// <summary>A connection to the replica, if it answers in time and is far enough.</summary>
    private async Task<NpgsqlConnection?> OpenReplica(CommitPosition seen, CancellationToken ct)
    {
        var opening = OpenCovered(seen, ct);
        try
        {
            return await opening.WaitAsync(OpenLimit, ct);
        }
        catch (Exception error) when (error is OperationCanceledException || Transience.IsTransient(error))
        {
            background.Once("the end of a read that came too late", () => Discard(opening));
            if (error is OperationCanceledException)
            {
                throw;
            }

            breaker.Trip();
            return null;
        }
    }

    private async Task<NpgsqlConnection?> OpenCovered(CommitPosition seen, CancellationToken ct)
    {
        var connection = await pair.StandbyForReads.OpenConnectionAsync(ct);
        try
        {
            // Asked on the connection that the read will use: another one may lead to a server that was rebuilt since.
            await using var asking = new NpgsqlCommand(Replayed, connection);
            if (await ReadPositions.Ask(asking) is { } replayed && ReadToken.IsCovered(seen, replayed))
            {
                return connection;
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Waits in the background for an opening that nobody waits for any more, and closes what it opened.
    /// </summary>
    private static async Task Discard(Task<NpgsqlConnection?> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully && await opening is { } connection)
        {
            await connection.DisposeAsync();
        }
    }
}
