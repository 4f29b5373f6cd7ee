using Npgsql;
using Shop.Api.Data;
using Shop.Api.Storage.Receipts;

namespace Shop.Api.Storage;

/// <summary>
/// The one door to the database. Features hand in their work and know nothing of modes, retries and failovers.
/// Work runs again after an error that passes by itself, so it holds no state of its own between runs; it touches
/// nothing of the request but what it was given, since a run that was given up goes on without its request. Nothing
/// that was sent to a server is ever cancelled, only left behind (see <see cref="WriteAttempt{T}"/>): the server's own
/// limits end it, or the server's end does.
/// </summary>
/// <param name="mode">How the shop is stored.</param>
/// <param name="schema">Opens when the tables are there.</param>
/// <param name="abandoned">Counts the commits that nobody waits for any more.</param>
/// <param name="rows">Bounds the writes that wait for rows.</param>
/// <param name="turns">Bounds what is at the database.</param>
/// <param name="receipts">Where receipts are kept.</param>
/// <param name="clock">The database's clock, by which it refuses what nobody waits for any more.</param>
/// <param name="disk">Hears whether there is room.</param>
/// <param name="silence">Hears that the database answers writes.</param>
/// <param name="time">The clock of the limits.</param>
/// <param name="logger">Where given-up and repeated work is told.</param>
public sealed class ShopStorage(
    IStorageMode mode,
    SchemaGate schema,
    AbandonedCommits abandoned,
    RowWaits rows,
    DatabaseTurns turns,
    ReceiptBook receipts,
    DatabaseClock clock,
    DiskWatch disk,
    Silence silence,
    TimeProvider time,
    ILogger<ShopStorage> logger
)
{
    /// <summary>
    /// Longest time that a request waits for a database that does not answer, all tries together; then it answers 503.
    /// </summary>
    public static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(2);

    /// <summary>Most runs of one piece of work; the time limit is usually met first.</summary>
    private const int MaxAttempts = 30;

    /// <summary>Waits between runs double from the first to the second of these.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Runs <paramref name="command"/> on the primary and commits it. It is run again only when it is known that nothing was
    /// committed, or when it finds its earlier outcome.
    /// </summary>
    /// <param name="command">The work, and what may be done with it.</param>
    /// <param name="ct">The request's end; it ends the wait, and reaches neither work nor commit.</param>
    /// <returns>What the work returned, once it is committed as the mode promises.</returns>
    /// <exception cref="StorageUnavailableException">The database cannot take it now; nothing was written.</exception>
    /// <exception cref="CommitUnknownException">It may have been written; the idempotency key tells later.</exception>
    public Task<T> Write<T>(WriteCommand<T> command, CancellationToken ct) =>
        Retry(
            (isUnknown, left, token) => Attempt(isUnknown ? command.AfterUnknown ?? command : command, left, token),
            command.Repeatable,
            ct
        );

    /// <summary>Runs <paramref name="query"/> where a read may run, and again if the database was away.</summary>
    /// <param name="query">Reads only.</param>
    /// <param name="ct">The request's end; it ends the wait.</param>
    /// <returns>What the query returned.</returns>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    public Task<T> Read<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> query, CancellationToken ct) =>
        Retry((_, left, token) => ReadOnce(query, left, token), repeatable: true, ct);

    /// <summary>Runs until it succeeds, until the error does not pass by itself, or until the time is over.</summary>
    private async Task<T> Retry<T>(
        Func<bool, TimeSpan, CancellationToken, Task<T>> run,
        bool repeatable,
        CancellationToken ct
    )
    {
        using var limit = new RequestTime(rows, time);
        CommitUnknownException? unknown = null;
        for (var attempt = 1; ; attempt++)
        {
            var moved = mode.Moved;
            try
            {
                await schema.Opened.WaitAsync(limit.Left, time, ct);
                return await run(unknown is not null, limit.Left, ct);
            }
            catch (Exception error) when (Passes(error) && !ct.IsCancellationRequested)
            {
                silence.Note(error);
                disk.Note(error);
                limit.Note(error);
                unknown = error as CommitUnknownException ?? unknown;
                var wait = WaitAfter(attempt);
                if (attempt == MaxAttempts || limit.Left <= wait || (unknown is not null && !repeatable))
                {
                    throw unknown ?? (Exception)new StorageUnavailableException(error);
                }

                LogMessages.WorkRepeated(logger, attempt, error.GetType().Name, error.Message);
                await mode.Recover(error, moved, wait, ct);
            }
        }
    }

    /// <summary>
    /// Waits for one attempt as long as may be. Who gives up neither cancels the commit nor forgets the attempt.
    /// </summary>
    private async Task<T> Attempt<T>(WriteCommand<T> command, TimeSpan left, CancellationToken ct)
    {
        var asked = time.GetTimestamp();
        var turn = await turns.Writes.Take(left, ct);
        left -= time.GetElapsedTime(asked);
        if (left <= TimeSpan.Zero)
        {
            turn.Dispose();
            throw new StorageUnavailableException();
        }

        var attempt = new WriteAttempt<T>(mode);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var run = command.Run(attempt, clock.IsKnown ? clock.Now + left : Times.Last, opening.Token);
        try
        {
            var result = await run.WaitAsync(left, time, ct);
            Acknowledge(attempt.Position, command.Receipt?.Invoke(result));
            return result;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            await opening.CancelAsync();
            if (attempt.GiveUp())
            {
                throw new StorageUnavailableException(error);
            }

            if (!run.IsCompleted)
            {
                abandoned.Add(run, attempt.Replaced);
            }

            throw new CommitUnknownException(error);
        }
        catch (Exception error) when (attempt.CommitSent && error is not CommitUnknownException)
        {
            throw new CommitUnknownException(error);
        }
        finally
        {
            turns.GiveBack(turn, run, attempt.Replaced);
        }
    }

    /// <summary>After the commit: nothing here may fail, for the client is told of the commit.</summary>
    private void Acknowledge(CommitPosition? position, OrderReceipt? receipt)
    {
        silence.End();
        disk.NoteWrite();
        if (position is not null)
        {
            mode.Acknowledged(position);
            if (receipt is not null)
            {
                receipts.Add(receipt, position);
            }
        }
    }

    /// <summary>
    /// A read that does not end in time is left behind: it closes its session when it ends, or when its server does.
    /// </summary>
    private async Task<T> ReadOnce<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> query,
        TimeSpan left,
        CancellationToken ct
    )
    {
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(ct);
        opening.CancelAfter(left);
        var turn = await turns.Reads.Take(left, opening.Token);
        var (run, replaced) = (Task.CompletedTask, Task.CompletedTask);
        ReadSession? session = null;
        try
        {
            session = await mode.OpenRead(opening.Token);
            replaced = mode.Replaced;
            var reading = session.Run(query);
            run = reading;
            // The time of the turn and of the opening is the read's, too.
            return await reading.WaitAsync(session.Limit ?? Timeout.InfiniteTimeSpan, time, opening.Token);
        }
        catch (TimeoutException) when (session is not null)
        {
            // Left behind on a replica that hangs: it must not keep reads from the primary.
            turn.Dispose();
            session.Unfit?.Invoke();
            throw;
        }
        catch (PostgresException error) when (session is { Unfit: { } unfit } && Transience.IsOfAnotherSchema(error))
        {
            // A replica that is behind a migration: the primary has it.
            unfit();
            throw new StorageUnavailableException(error);
        }
        finally
        {
            turns.GiveBack(turn, run, replaced);
        }
    }

    private static bool Passes(Exception error) =>
        error is CommitUnknownException or StorageUnavailableException or OperationCanceledException
        || Transience.IsTransient(error);

    private static TimeSpan WaitAfter(int attempt)
    {
        var wait = FirstWait * Math.Pow(2, attempt - 1);
        return wait < LongestWait ? wait : LongestWait;
    }
}
