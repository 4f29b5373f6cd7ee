using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults;

/// <summary>All log messages of the service defaults. Event ids 1000-1099.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1000, LogLevel.Error, "{Method} {Path} failed with an error that nothing maps")]
    internal static partial void Unhandled(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(1001, LogLevel.Warning, "{Path} cannot be read and is set aside as {Target}: {Reason}")]
    internal static partial void StateSetAside(ILogger logger, string path, string target, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "{Path} cannot be written; what stood there stays: {Reason}")]
    internal static partial void StateNotWritten(ILogger logger, string path, string reason);

    [LoggerMessage(
        1003,
        LogLevel.Warning,
        "A request of {Address} carried a token that is none of ours; more within a minute are counted, not logged"
    )]
    internal static partial void WrongToken(ILogger logger, System.Net.IPAddress address);

    [LoggerMessage(1004, LogLevel.Warning, "{Count} more requests carried a wrong token in the minute before")]
    internal static partial void WrongTokens(ILogger logger, int count);

    [LoggerMessage(
        1005,
        LogLevel.Warning,
        "This process may open {Limit} files, so it takes {Connections} connections at once; raise the limit for more"
    )]
    internal static partial void FewFiles(ILogger logger, long limit, long connections);

    [LoggerMessage(
        1010,
        LogLevel.Warning,
        "The registry does not answer for {Service}; the last answer stands: {Reason}"
    )]
    internal static partial void RegistryAway(ILogger logger, string service, string reason);

    [LoggerMessage(1011, LogLevel.Information, "{Service} is now at {Addresses}")]
    internal static partial void Rerouted(ILogger logger, string service, string addresses);

    [LoggerMessage(1012, LogLevel.Information, "No registry or no address of our own: {Service} is not registered")]
    internal static partial void NotRegistered(ILogger logger, string service);

    [LoggerMessage(1013, LogLevel.Warning, "A heartbeat of {Service} failed, more follow: {Reason}")]
    internal static partial void HeartbeatFailed(ILogger logger, string service, string reason);

    [LoggerMessage(1014, LogLevel.Warning, "Leaving {Service} failed; the registry's probes will notice: {Reason}")]
    internal static partial void LeaveFailed(ILogger logger, string service, string reason);

    [LoggerMessage(
        1015,
        LogLevel.Information,
        "{Method} {Path} tried again on another instance after {Instance}: {Reason}"
    )]
    internal static partial void TriedAgain(ILogger logger, string method, string path, string instance, string reason);

    [LoggerMessage(1016, LogLevel.Error, "The loop {Name} failed, and begins again after {Pause:0} ms")]
    internal static partial void LoopFailed(ILogger logger, Exception exception, string name, double pause);

    [LoggerMessage(1017, LogLevel.Error, "Work that nobody waits for failed: {Name}")]
    internal static partial void WorkFailed(ILogger logger, Exception exception, string name);
}
