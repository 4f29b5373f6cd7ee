using System.Collections.Frozen;
using System.Net.Sockets;
using Npgsql;

namespace Shop.Api.Storage;

/// <summary>
/// Tells an error that passes by itself (a failover, a full pool, a deadlock) from one that will come again.
/// </summary>
public static class Transience
{
    /// <summary>Deepest chain of inner exceptions that is looked at; Entity Framework wraps once or twice.</summary>
    private const int MaxDepth = 8;

    /// <summary>SQLSTATEs (PostgreSQL manual, appendix A) that say that the server goes, or is not a primary.</summary>
    private static readonly FrozenSet<string> LostStates = new[]
    {
        PostgresErrorCodes.ReadOnlySqlTransaction, // still a standby, or just made one
        PostgresErrorCodes.AdminShutdown,
        PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.CannotConnectNow, // starting up, or shutting down
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Those after which the same work may succeed a moment later: the lost ones too.</summary>
    private static readonly FrozenSet<string> States = new[]
    {
        PostgresErrorCodes.InvalidCatalogName, // a new server whose database is not made yet
        PostgresErrorCodes.SerializationFailure,
        PostgresErrorCodes.DeadlockDetected,
        PostgresErrorCodes.LockNotAvailable,
        PostgresErrorCodes.TooManyConnections,
        PostgresErrorCodes.QueryCanceled, // a person, or a time limit of the server's, ended the statement
        PostgresErrorCodes.IoError, // of one file, perhaps of a disk that is being replaced
        PostgresErrorCodes.UndefinedFile, // a file is gone from the disk; a failover or a repair brings it back
        PostgresErrorCodes.DataCorrupted, // a page is damaged; a failover or a repair brings it back
        PostgresErrorCodes.IndexCorrupted, // an index is damaged; it can be built again
        "57P05", // idle-session time-out: another session is as good
        "25P03", // idle-in-transaction time-out: this process was paused
        "25P04", // transaction time-out
    }
        .Concat(LostStates)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// What a session says whose prepared statements are of tables as they were: it is used up, another one is as good as new.
    /// </summary>
    private static readonly FrozenSet<string> StalePlans = new[]
    {
        PostgresErrorCodes.FeatureNotSupported, // cached plan must not change result type
        PostgresErrorCodes.DatatypeMismatch,
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when <paramref name="exception"/>, or one inside it, passes by itself.</summary>
    /// <param name="exception">What work on the database threw.</param>
    /// <returns>Whether running the work again is worth it; not whether it is safe.</returns>
    public static bool IsTransient(Exception exception) =>
        Known(exception) switch
        {
            null => false,
            PostgresException postgres => IsTransient(postgres.SqlState),
            // Not from the server: refused, broken or timed-out connections, a full pool, no suitable host.
            _ => true,
        };

    /// <summary>
    /// True when <paramref name="exception"/> says that a session, or the server that it led to, is lost: broken, refused, or
    /// no primary any more. Not for a full pool and the like, where the server is as it was.
    /// </summary>
    /// <param name="exception">What work on the database threw.</param>
    /// <returns>Whether other sessions to the same server are probably lost, too.</returns>
    public static bool IsLostSession(Exception exception) =>
        Known(exception) switch
        {
            PostgresException postgres => LostStates.Contains(postgres.SqlState),
            null or TimeoutException or NpgsqlException { InnerException: TimeoutException } => false,
            _ => true,
        };

    /// <summary>True when <paramref name="exception"/> says that a row is held by others: the database answers.</summary>
    /// <param name="exception">What work on the database threw.</param>
    /// <returns>Whether to wait is worth it.</returns>
    public static bool IsRowHeld(Exception exception) =>
        Known(exception) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>
    /// True when <paramref name="exception"/> is the word of a server that serves: it refuses, but it is not silent.
    /// </summary>
    /// <param name="exception">What work on the database threw.</param>
    /// <returns>Whether the database answers.</returns>
    public static bool IsAnswer(Exception exception) =>
        Known(exception) is PostgresException { SqlState: var state } && !LostStates.Contains(state);

    /// <summary>True when the plans that sessions hold are of tables as they were: the sessions are to be made anew.</summary>
    /// <param name="exception">What work on the database threw.</param>
    /// <returns>Whether new sessions would do better.</returns>
    public static bool IsStalePlan(Exception exception) =>
        Known(exception) is PostgresException { SqlState: { } state } && StalePlans.Contains(state);

    /// <summary>True when tables or functions are not what the statement wants (class 42): a replica may have old ones.</summary>
    /// <param name="error">What the server said.</param>
    /// <returns>Whether another server may have them.</returns>
    public static bool IsOfAnotherSchema(PostgresException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.SqlState.StartsWith("42", StringComparison.Ordinal);
    }

    /// <summary>
    /// True for a SQLSTATE that passes by itself: connection trouble (08), lack of resources (53), and some more.
    /// </summary>
    /// <param name="sqlState">Five characters, as in <see cref="PostgresException.SqlState"/>.</param>
    /// <returns>Whether the same work may succeed a moment later.</returns>
    public static bool IsTransient(string sqlState) =>
        States.Contains(sqlState)
        || StalePlans.Contains(sqlState)
        || sqlState.StartsWith("08", StringComparison.Ordinal)
        || sqlState.StartsWith("53", StringComparison.Ordinal);

    /// <summary>The outermost exception, in the chain of <paramref name="exception"/>, that comes from the database.</summary>
    private static Exception? Known(Exception exception)
    {
        var current = exception;
        for (var depth = 0; current is not null && depth < MaxDepth; depth++)
        {
            if (current is NpgsqlException or SocketException or IOException or TimeoutException)
            {
                return current;
            }

            current = current.InnerException;
        }

        return null;
    }
}
