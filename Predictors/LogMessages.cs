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

    [LoggerMessage(1203, LogLevel.Information, "Cross-validating {Learner} for {Network}")]
    internal static partial void Evaluating(ILogger logger, string learner, string network);

    [LoggerMessage(1204, LogLevel.Information, "No consensus, join token or address is configured: not registering")]
    internal static partial void StaysAlone(ILogger logger);

    [LoggerMessage(1205, LogLevel.Information, "{Name} is registered with the consensus, at attempt {Attempt}")]
    internal static partial void Joined(ILogger logger, string name, int attempt);

    [LoggerMessage(1206, LogLevel.Warning, "The consensus refused {Name} with status {Status}: {Reason}")]
    internal static partial void JoinRefused(ILogger logger, string name, int status, string reason);

    [LoggerMessage(1207, LogLevel.Warning, "The consensus cannot be reached: {Reason}")]
    internal static partial void ConsensusAway(ILogger logger, string reason);

    [LoggerMessage(1208, LogLevel.Error, "{Name} is not registered with the consensus after {Attempts} attempts")]
    internal static partial void GaveUpJoining(ILogger logger, string name, int attempts);

    [LoggerMessage(
        1210,
        LogLevel.Warning,
        "The consensus asks {Name} at {Before}; to move to {Now} was refused with status {Status}"
    )]
    internal static partial void MoveRefused(ILogger logger, string name, Uri before, string now, int status);

    [LoggerMessage(1211, LogLevel.Warning, "{Name} is known to the consensus, and is no member: {Reason}")]
    internal static partial void MembershipOver(ILogger logger, string name, string reason);

    [LoggerMessage(1209, LogLevel.Warning, "This member is not honest: its fault is {Fault}")]
    internal static partial void Dishonest(ILogger logger, string fault);
}
