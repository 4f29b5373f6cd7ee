namespace Shop.Api;

/// <summary>All log messages of the shop. Event ids 1500-1599; 1500-1529 are the storage's.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(
        1500,
        LogLevel.Information,
        "Database work failed in run {Attempt} and is repeated: {Error}: {Reason}"
    )]
    internal static partial void WorkRepeated(ILogger logger, int attempt, string error, string reason);

    [LoggerMessage(1501, LogLevel.Information, "The tables are ready after {Attempt} tries")]
    internal static partial void SchemaReady(ILogger logger, int attempt);

    [LoggerMessage(1502, LogLevel.Warning, "The tables are not ready (try {Attempt})")]
    internal static partial void SchemaNotReady(ILogger logger, int attempt, Exception error);

    [LoggerMessage(
        1503,
        LogLevel.Warning,
        "A commit is not answered in time and is left to end by itself ({Count} of {Max})"
    )]
    internal static partial void CommitAbandoned(ILogger logger, int count, int max);

    [LoggerMessage(
        1504,
        LogLevel.Information,
        "A commit that was left to itself has ended: {Outcome}; {Count} are left"
    )]
    internal static partial void AbandonedCommitEnded(ILogger logger, string outcome, int count);

    [LoggerMessage(1505, LogLevel.Information, "Term {Term}: the primary is {Primary}, the standby {Standby}")]
    internal static partial void RolesChanged(ILogger logger, long term, string primary, string standby);

    [LoggerMessage(1506, LogLevel.Warning, "No registry is configured: a new primary is found by asking the servers")]
    internal static partial void NoRegistry(ILogger logger);

    [LoggerMessage(1507, LogLevel.Warning, "Timeline {Timeline}: of {Compared} acknowledged orders {Lost} are lost")]
    internal static partial void FailoverExamined(ILogger logger, uint timeline, int compared, int lost);

    [LoggerMessage(1508, LogLevel.Debug, "The standby has no warm sessions for a new primary: {Reason}")]
    internal static partial void NoWarmSessions(ILogger logger, string reason);

    [LoggerMessage(
        1509,
        LogLevel.Error,
        "Receipts cannot be kept in {Path}, so lost orders could not all be listed; orders go on: {Reason}"
    )]
    internal static partial void ReceiptMissed(ILogger logger, string path, string reason);

    [LoggerMessage(
        1510,
        LogLevel.Warning,
        "PostgreSQL has no extension pg_trgm for the shop, so a search reads all products; it finds the same"
    )]
    internal static partial void NoSearchIndex(ILogger logger);

    [LoggerMessage(1511, LogLevel.Information, "The storage mode is {Mode}; it was {Before}")]
    internal static partial void ModeChanged(ILogger logger, Storage.StorageMode before, Storage.StorageMode mode);

    [LoggerMessage(1530, LogLevel.Debug, "Old {What} were deleted: {Count}")]
    internal static partial void Purged(ILogger logger, string what, int count);

    [LoggerMessage(1531, LogLevel.Warning, "Old {What} could not be deleted; the next purge tries again")]
    internal static partial void PurgeFailed(ILogger logger, string what, Exception error);

    [LoggerMessage(1540, LogLevel.Information, "Warmed up: {Rounds} rounds in {Milliseconds:0} ms")]
    internal static partial void WarmedUp(ILogger logger, int rounds, double milliseconds);

    [LoggerMessage(1541, LogLevel.Information, "The warm-up ended after {Rounds} rounds: {Error}: {Reason}")]
    internal static partial void WarmUpCutShort(ILogger logger, int rounds, string error, string reason);
}
