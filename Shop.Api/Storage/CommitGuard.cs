using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Shop.Api.Storage;

/// <summary>Where in the write-ahead log a commit stands. Positions are compared within one timeline only.</summary>
/// <param name="Timeline">Rises by one with every promotion.</param>
/// <param name="Position">At or after the end of the commit record, and on the primary's disk.</param>
public sealed record CommitPosition(uint Timeline, NpgsqlLogSequenceNumber Position);

/// <summary>
/// Commits so that success means what it says. Without a guard, a commit whose token is cancelled or whose command
/// times out while it waits for the mirror comes back from the driver as success: PostgreSQL cancels the wait alone,
/// keeps the row on this server, and says so in a notice.
/// </summary>
public static class CommitGuard
{
    /// <summary>
    /// The function of PostgreSQL that waits for the mirror; every notice that a wait was given up comes from it.
    /// </summary>
    private const string WaitRoutine = "SyncRepWaitForLSN";

    /// <summary>
    /// Writes a log record in the transaction, so that the commit waits for the mirror even if the work wrote nothing:
    /// what a repeated request reads (its own earlier outcome) may be on this server alone.
    /// </summary>
    private const string Mark = "SELECT pg_logical_emit_message(true, 'shop', '')";

    private const string Commit = "COMMIT";

    private const string Position =
        "SELECT flushed, pg_walfile_name(flushed) FROM pg_current_wal_flush_lsn() AS flushed";

    /// <summary>
    /// Commits the transaction that is open on <paramref name="connection"/>, in one round trip. There is no token and no
    /// time-out, by design: who is tired of waiting stops waiting, and leaves the commit alone.
    /// </summary>
    /// <param name="connection">With a transaction open in which the work is done.</param>
    /// <param name="replicated">Whether a copy exists: then the commit is marked and its position is read.</param>
    /// <returns>The position of the commit when <paramref name="replicated"/>; nothing otherwise.</returns>
    /// <exception cref="CommitUnknownException">
    /// The commit may or may not have happened, or may be on one server alone.
    /// </exception>
    /// <exception cref="PostgresException">The server refused to commit; nothing is written.</exception>
    public static Task<CommitPosition?> CommitAsync(NpgsqlConnection connection, bool replicated) =>
        Watch(connection, () => Send(connection, replicated));

    /// <summary>
    /// Runs work that is a transaction of its own, which the server commits in the same round trip. As the other one, it has
    /// neither token nor time-out; it writes no mark and reads no position, so there must be no copy that a commit waits for.
    /// </summary>
    /// <param name="connection">Open, with no transaction.</param>
    /// <param name="work">The work.</param>
    /// <param name="validUntil">UTC; the work refuses itself after that.</param>
    /// <returns>What the work returned, committed.</returns>
    /// <exception cref="CommitUnknownException">The work may or may not be committed.</exception>
    /// <exception cref="PostgresException">The server refused work or commit; nothing is written.</exception>
    public static Task<T> RunWhole<T>(NpgsqlConnection connection, WriteBatch<T> work, DateTime validUntil) =>
        Watch(connection, () => work.Run(connection, validUntil, CancellationToken.None));

    private static async Task<T> Watch<T>(NpgsqlConnection connection, Func<Task<T>> commit)
    {
        var watch = new WaitWatch();
        connection.Notice += watch.OnNotice;
        try
        {
            var result = await commit();
            return watch.GivenUp is { } notice ? throw new CommitUnknownException(notice.MessageText) : result;
        }
        catch (PostgresException refused) when (IsRefusal(refused))
        {
            throw;
        }
        catch (Exception broken) when (broken is not CommitUnknownException)
        {
            throw new CommitUnknownException(broken);
        }
        finally
        {
            connection.Notice -= watch.OnNotice;
        }
    }

    private static async Task<CommitPosition?> Send(NpgsqlConnection connection, bool replicated)
    {
        await using var batch = connection.CreateBatch();
        batch.Timeout = 0;
        string[] statements = replicated ? [Mark, Commit, Position] : [Commit];
        foreach (var statement in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = statement;
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        if (!replicated)
        {
            return null;
        }

        await reader.NextResultAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        var timeline = reader.GetString(1).AsSpan(0, 8);
        return new(
            uint.Parse(timeline, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            await reader.GetFieldValueAsync<NpgsqlLogSequenceNumber>(0, CancellationToken.None)
        );
    }

    /// <summary>
    /// An error (not the end of the connection) in answer to the work, the mark or the commit itself means: rolled back.
    /// </summary>
    private static bool IsRefusal(PostgresException exception) =>
        string.Equals(exception.InvariantSeverity, "ERROR", StringComparison.Ordinal)
        && !string.Equals(exception.BatchCommand?.CommandText, Position, StringComparison.Ordinal);

    /// <summary>Sees whether the server gave up waiting for the mirror.</summary>
    private sealed class WaitWatch
    {
        public PostgresNotice? GivenUp { get; private set; }

        public void OnNotice(object sender, NpgsqlNoticeEventArgs args)
        {
            if (string.Equals(args.Notice.Routine, WaitRoutine, StringComparison.Ordinal))
            {
                GivenUp = args.Notice;
            }
        }
    }
}
