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

    [LoggerMessage(1530, LogLevel.Debug, "{Count} old idempotency keys were deleted")]
    internal static partial void KeysPurged(ILogger logger, int count);

    [LoggerMessage(1531, LogLevel.Warning, "Old idempotency keys could not be deleted; the next purge tries again")]
    internal static partial void PurgeFailed(ILogger logger, Exception error);
}
