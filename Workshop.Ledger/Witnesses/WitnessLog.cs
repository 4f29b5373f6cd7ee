using Microsoft.Extensions.Logging;

namespace Workshop.Ledger.Witnesses;

/// <summary>All log messages of witnesses. Event ids 1400-1499.</summary>
internal static partial class WitnessLog
{
    [LoggerMessage(
        1400,
        LogLevel.Critical,
        "The ledger is {Kind} at height {Height}: held {Held}, shown {Shown}. Nothing more is signed. {Reason}"
    )]
    internal static partial void ConflictFound(
        ILogger logger,
        string kind,
        long height,
        string? held,
        string? shown,
        string reason
    );

    [LoggerMessage(1401, LogLevel.Warning, "The ledger is again the one that was seen before")]
    internal static partial void Consistent(ILogger logger);

    [LoggerMessage(1402, LogLevel.Warning, "The signature of block {Height} was not taken ({Status}): {Reason}")]
    internal static partial void NotTaken(ILogger logger, long height, int status, string? reason);

    [LoggerMessage(
        1404,
        LogLevel.Critical,
        "Two histories: {Name} signed block {Height} as {Theirs}, and here it is {Held}"
    )]
    internal static partial void SplitView(ILogger logger, string name, long height, string held, string theirs);

    [LoggerMessage(
        1403,
        LogLevel.Warning,
        "The state in {Directory} cannot be kept; the next start replays more: {Reason}"
    )]
    internal static partial void StateNotKept(ILogger logger, string directory, string reason);
}
