namespace Consensus;

/// <summary>All log messages of the consensus. Event ids 1300-1399.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1300, LogLevel.Information, "The ledger has {Blocks} blocks; its head is {Hash}")]
    internal static partial void LedgerOpened(ILogger logger, long blocks, string hash);

    [LoggerMessage(1301, LogLevel.Warning, "{Bytes} bytes of a torn last line were cut off; nobody was told of them")]
    internal static partial void TornLineCut(ILogger logger, int bytes);

    [LoggerMessage(1302, LogLevel.Critical, "The ledger cannot be written; the service stops")]
    internal static partial void LedgerFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1305,
        LogLevel.Error,
        "The ledger cannot be written now, and what was to be written is refused: {Reason}"
    )]
    internal static partial void LedgerNotWritten(ILogger logger, string reason);

    [LoggerMessage(1306, LogLevel.Warning, "The snapshot cannot be written; the next start takes longer: {Reason}")]
    internal static partial void SnapshotNotWritten(ILogger logger, string reason);

    [LoggerMessage(
        1307,
        LogLevel.Warning,
        "The last block is of {Time}, which is yet to come: until then all blocks carry that time"
    )]
    internal static partial void ClockBehind(ILogger logger, string time);

    [LoggerMessage(
        1308,
        LogLevel.Warning,
        "The key of {Network}'s seeds is not the one that was committed to; a new one begins"
    )]
    internal static partial void KeyLost(ILogger logger, string network);

    [LoggerMessage(
        1309,
        LogLevel.Warning,
        "A batch of {Network} is not scored: this process was busy, and late with the answers itself"
    )]
    internal static partial void BatchNotScored(ILogger logger, string network);

    [LoggerMessage(1304, LogLevel.Error, "A batch of {Network} could not be written: {Reason}")]
    internal static partial void BatchLost(ILogger logger, string network, string reason);
}
