namespace Shop.Web;

/// <summary>All log messages of the storefront. Event ids 1600-1699.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1600, LogLevel.Warning, "{Service} did not answer {Method} {Path}: {Reason}")]
    internal static partial void NoAnswer(ILogger logger, string service, string method, string? path, string reason);

    [LoggerMessage(1601, LogLevel.Warning, "{Service} answered {Method} {Path} with a body that could not be read")]
    internal static partial void UnreadableAnswer(
        ILogger logger,
        Exception exception,
        string service,
        string method,
        string? path
    );

    [LoggerMessage(1603, LogLevel.Information, "{Pieces} test pieces of an interrupted run were taken out of the shop")]
    internal static partial void InterruptedRunCleared(ILogger logger, int pieces);

    [LoggerMessage(1604, LogLevel.Warning, "{Path} cannot be read, so earlier runs are not shown: {Reason}")]
    internal static partial void RunsNotKept(ILogger logger, string path, string reason);

    [LoggerMessage(1602, LogLevel.Error, "What a run of buyers measured could not be written down")]
    internal static partial void MeasurementNotKept(ILogger logger, Exception exception);
}
