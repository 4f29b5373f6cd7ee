namespace Predictors;

/// <summary>All log messages of the predictors. Event ids 1200-1299.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1200, LogLevel.Information, "Training {Learner} for {Network}")]
    internal static partial void Training(ILogger logger, string learner, string network);

    [LoggerMessage(1201, LogLevel.Warning, "The cached {Path} cannot be used and is computed anew")]
    internal static partial void CacheUnusable(ILogger logger, Exception exception, string path);

    [LoggerMessage(1202, LogLevel.Warning, "{Path} could not be written: the next start computes it anew")]
    internal static partial void CacheNotWritten(ILogger logger, Exception exception, string path);
}
