using Microsoft.Extensions.Logging;

namespace Workshop.Replicas;

/// <summary>All log messages of the replicas. Event ids 1350-1369.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1351, LogLevel.Information, "This replica does not lead any more")]
    internal static partial void Follows(ILogger logger);

    [LoggerMessage(1352, LogLevel.Warning, "This replica cannot begin to lead: {Reason}")]
    internal static partial void NotBegun(ILogger logger, string reason);

    [LoggerMessage(1356, LogLevel.Information, "This replica is empty: it votes when it has what the others have")]
    internal static partial void IsNew(ILogger logger);

    [LoggerMessage(1357, LogLevel.Information, "This replica takes part")]
    internal static partial void TakesPart(ILogger logger);

    [LoggerMessage(1358, LogLevel.Warning, "A stranger, or a replica with other rules, was refused: {Reason}")]
    internal static partial void Refused(ILogger logger, string reason);
}
