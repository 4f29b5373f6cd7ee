using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults;

/// <summary>All log messages of the service defaults. Event ids 1000-1099.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1000, LogLevel.Error, "{Method} {Path} failed with an error that nothing maps")]
    internal static partial void Unhandled(ILogger logger, Exception exception, string method, string path);
}
