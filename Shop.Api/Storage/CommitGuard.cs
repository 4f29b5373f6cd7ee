using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>Where in the write-ahead log a commit stands. Positions are compared within one timeline only.</summary>
/// <param name="Timeline">Rises by one with every promotion.</param>
/// <param name="Position">At or after the end of the commit record, and on the primary's disk.</param>
public sealed record CommitPosition(uint Timeline, NpgsqlLogSequenceNumber Position);

/// <summary>
/// Commits so that success means what it says. Without a guard, a commit whose token is cancelled or whose command
/// times out while it waits for the standby comes back from the driver as success: PostgreSQL cancels the wait alone,
/// keeps the row on this server, and says so in a notice.
/// </summary>
public static class CommitGuard
{
    /// <summary>
    /// The function of PostgreSQL that waits for the standby; every notice that a wait was given up comes from it.
    /// </summary>
    private const string WaitRoutine = "SyncRepWaitForLSN";

    /// <summary>
    /// Writes a log record in the transaction, so that the commit waits for the standby even if the work wrote nothing:
    /// what a repeated request reads (its own earlier outcome) may be on this server alone.
    /// </summary>
    private const string Mark = "SELECT pg_logical_emit_message(true, 'shop', '')";

    private const string Begin = "BEGIN";

    private const string Commit = "COMMIT";

    /// <summary>
    /// Where the log is, and whether this session would have been told of a wait that was given up, and waits at all: the
    /// settings are pinned, and a guard that was not told asks.
    /// </summary>
    private const string Position = """
        SELECT pg_current_wal_flush_lsn(), pg_walfile_name(pg_current_wal_flush_lsn()),
            current_setting('client_min_messages') <> 'error'
                AND current_setting('synchronous_commit') IN ('on', 'remote_apply')
        """;

    private const int PositionFields = 3;

    private const string NotTold = "The session does not hear whether the standby has the commit.";

    private const string GivenUp = "The wait for the standby was ended by the server.";

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
    public static Task<CommitPosition?> CommitAsync(NpgsqlConnection connection, bool replicated)
    {
        var commit = new NpgsqlBatchCommand(Commit);
        return Watch(
            connection,
            commit,
            async () =>
            {
                await using var batch = NewBatch(connection);
                Add(batch, commit, replicated);
                await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
                return await ReadToEnd(reader, replicated);
            }
        );
    }

    /// <summary>
    /// Runs work and commits it, all in one round trip. As the other one, it has neither token nor time-out. Without a copy
    /// there is nothing around the work: the server makes it a transaction of its own.
    /// </summary>
    /// <param name="connection">Open, with no transaction.</param>
    /// <param name="work">The work.</param>
    /// <param name="validUntil">UTC; the work refuses itself after that.</param>
    /// <param name="replicated">Whether a copy exists: then the commit is marked and its position is read.</param>
    /// <returns>
    /// What the work returned, committed; and the position of the commit when <paramref name="replicated"/>.
    /// </returns>
    /// <exception cref="CommitUnknownException">
    /// The commit may or may not have happened, or may be on one server alone.
    /// </exception>
    /// <exception cref="PostgresException">
    /// The server refused work or commit; nothing is written. Where a copy exists, the session may be left in a failed
    /// transaction, which the driver rolls back when the connection is closed.
    /// </exception>
    public static Task<(T Result, CommitPosition? Position)> RunWhole<T>(
        NpgsqlConnection connection,
        WriteBatch<T> work,
        DateTime validUntil,
        bool replicated
    )
    {
        var commit = replicated ? new NpgsqlBatchCommand(Commit) : null;
        return Watch(
            connection,
            commit,
            async () =>
            {
                await using var batch = NewBatch(connection);
                if (replicated)
                {
                    batch.Add(Begin);
                }

                work.Fill(batch, validUntil);
                Add(batch, commit, replicated);
                await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
                var result = await work.Read(reader, CancellationToken.None);
                return (result, await ReadToEnd(reader, replicated));
            }
        );
    }

    private static async Task<T> Watch<T>(NpgsqlConnection connection, NpgsqlBatchCommand? commit, Func<Task<T>> run)
    {
        var watch = new WaitWatch();
        connection.Notice += watch.OnNotice;
        try
        {
            var result = await run();
            return watch.IsGivenUp ? throw new CommitUnknownException(new IOException(GivenUp)) : result;
        }
        catch (PostgresException refused) when (IsRefusal(refused, commit))
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

    private static NpgsqlBatch NewBatch(NpgsqlConnection connection)
    {
        var batch = connection.CreateBatch();
        // The driver's own would end in a cancel.
        batch.Timeout = 0;
        return batch;
    }

    private static void Add(NpgsqlBatch batch, NpgsqlBatchCommand? commit, bool replicated)
    {
        if (replicated)
        {
            batch.Add(Mark);
        }

        if (commit is not null)
        {
            batch.BatchCommands.Add(commit);
        }

        if (replicated)
        {
            batch.Add(Position);
        }
    }

    /// <summary>To the end: what fails there, the commit included, must not be overlooked.</summary>
    private static async Task<CommitPosition?> ReadToEnd(NpgsqlDataReader reader, bool replicated)
    {
        CommitPosition? position = null;
        while (await reader.NextResultAsync(CancellationToken.None))
        {
            // The last one; the mark's is before it.
            if (replicated && reader.FieldCount == PositionFields && await reader.ReadAsync(CancellationToken.None))
            {
                if (!reader.GetBoolean(2))
                {
                    throw new CommitUnknownException(new IOException(NotTold));
                }

                var timeline = reader.GetString(1).AsSpan(0, 8);
                position = new(
                    uint.Parse(timeline, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    await reader.GetFieldValueAsync<NpgsqlLogSequenceNumber>(0, CancellationToken.None)
                );
            }
        }

        return position;
    }

    /// <summary>
    /// An error (not the end of the connection) before the commit was answered means: rolled back. After that it is the
    /// position's. A commit that was not sent for itself comes last, so every error is before it.
    /// </summary>
    private static bool IsRefusal(PostgresException exception, NpgsqlBatchCommand? commit) =>
        string.Equals(exception.InvariantSeverity, "ERROR", StringComparison.Ordinal)
        && commit is null or { StatementType: StatementType.Unknown };

    /// <summary>Sees whether the server gave up waiting for the standby.</summary>
    private sealed class WaitWatch
    {
        public bool IsGivenUp { get; private set; }

        public void OnNotice(object sender, NpgsqlNoticeEventArgs args)
        {
            IsGivenUp |= string.Equals(args.Notice.Routine, WaitRoutine, StringComparison.Ordinal);
        }
    }
}
