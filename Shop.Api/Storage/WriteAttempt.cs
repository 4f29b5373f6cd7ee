using Npgsql;

namespace Shop.Api.Storage;

/// <summary>
/// One run of a write. Its phase decides what is known when somebody stops waiting for it: before the commit was sent
/// nothing is written and, once given up, nothing ever will be; after that only the database knows.
/// <para>
/// Neither work nor commit is ever cancelled. A cancelled commit would be called success while it waits for the standby,
/// and to cancel anything else the driver asks the server and blocks a thread until it answers, which a hung one does not.
/// What is left behind ends by the server's own limits (<see cref="ShopDataSources"/>), or with the server.
/// </para>
/// </summary>
/// <param name="mode">Where it is written.</param>
internal sealed class WriteAttempt<T>(IStorageMode mode)
{
    private const int Working = 0;
    private const int Committing = 1;
    private const int GivenUp = 2;
    private const int Refused = 3;

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly bool replicated = mode.Replicated;

    private int phase;

    /// <summary>What the work returned, from the moment on at which it is committed.</summary>
    private Outcome? committed;

    /// <summary>Ends when its session's server is not used any more; never until there is a session.</summary>
    public Task Replaced { get; private set; } = Never;

    /// <summary>Where the commit stands, after a run that succeeded.</summary>
    public CommitPosition? Position { get; private set; }

    /// <summary>
    /// The commit has been sent and was not refused: after an error now, whatever it is, only the database knows.
    /// </summary>
    public bool CommitSent => Volatile.Read(ref phase) == Committing;

    /// <summary>Forbids the commit if it has not been sent yet.</summary>
    /// <returns>True if nothing is written and nothing will be; false if the commit is under way.</returns>
    public bool GiveUp() => Interlocked.CompareExchange(ref phase, GivenUp, Working) != Committing;

    /// <summary>
    /// Opens, works, commits. What fails after the commit, while the session is given back, takes nothing away from it.
    /// </summary>
    /// <param name="work">Runs in a transaction, and neither begins nor commits one.</param>
    /// <param name="opening">Ends the wait for a connection.</param>
    /// <returns>What the work returned, committed.</returns>
    /// <exception cref="StorageUnavailableException">It was given up before the commit was sent.</exception>
    public Task<T> Run(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken opening) =>
        KeepCommitted(async () =>
        {
            await using var connection = await Open(opening);
            await using var transaction = await connection.BeginTransactionAsync(opening);
            var result = await work(connection, CancellationToken.None);
            Position = await Commit(() => CommitGuard.CommitAsync(connection, replicated));
            committed = new(result);
        });

    /// <summary>Opens, and sends work and commit together: one round trip.</summary>
    /// <param name="work">Refuses itself after <paramref name="validUntil"/>.</param>
    /// <param name="validUntil">UTC; when nobody waits for it any more.</param>
    /// <param name="opening">Ends the wait for a connection.</param>
    /// <returns>What the work returned, committed.</returns>
    /// <exception cref="StorageUnavailableException">It was given up before it was sent.</exception>
    public Task<T> RunWhole(WriteBatch<T> work, DateTime validUntil, CancellationToken opening) =>
        KeepCommitted(async () =>
        {
            await using var connection = await Open(opening);
            (var result, Position) = await Commit(() => CommitGuard.RunWhole(connection, work, validUntil, replicated));
            committed = new(result);
        });

    private async ValueTask<NpgsqlConnection> Open(CancellationToken opening)
    {
        var connection = await mode.OpenWrite(opening);
        Replaced = mode.Replaced;
        return connection;
    }

    private async Task<T> KeepCommitted(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception error) when (committed is not null && error is not OutOfMemoryException)
        {
            // The session broke after the commit was answered: the pool finds out by itself.
        }

        return committed!.Result;
    }

    private async Task<TResult> Commit<TResult>(Func<Task<TResult>> commit)
    {
        if (Interlocked.CompareExchange(ref phase, Committing, Working) != Working)
        {
            throw new StorageUnavailableException();
        }

        try
        {
            return await commit();
        }
        catch (PostgresException)
        {
            Volatile.Write(ref phase, Refused);
            throw;
        }
    }

    private sealed record Outcome(T Result);
}
