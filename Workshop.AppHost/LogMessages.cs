using Microsoft.Extensions.Logging;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost;

/// <summary>All log messages of the application host. Event ids 100-199.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(100, LogLevel.Information, "It starts as {Role}")]
    internal static partial void StartsAs(ILogger logger, DatabaseRole role);

    [LoggerMessage(101, LogLevel.Information, "Ended {Count} processes that an earlier run left on {Folder}")]
    internal static partial void EndedLeftovers(ILogger logger, int count, string folder);

    [LoggerMessage(102, LogLevel.Error, "It cannot start: {Reason}")]
    internal static partial void NotStarted(ILogger logger, string reason);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "It cannot follow {Primary} with the data that it has, and gets a fresh copy"
    )]
    internal static partial void CannotFollow(ILogger logger, string primary);

    [LoggerMessage(104, LogLevel.Warning, "{Folder} is damaged ({Damage}) and is copied anew from {Primary}")]
    internal static partial void Damaged(ILogger logger, string folder, string damage, string primary);
}
