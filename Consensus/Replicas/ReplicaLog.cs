namespace Consensus.Replicas;

/// <summary>All log messages of a ledger that replicas keep. Event ids 1370-1379.</summary>
internal static partial class ReplicaLog
{
    [LoggerMessage(1370, LogLevel.Information, "This replica leads in term {Term}, from block {Count} on")]
    internal static partial void Leads(ILogger logger, long term, long count);

    [LoggerMessage(1371, LogLevel.Critical, "This replica's ledger and that of the others parted: {Reason}")]
    internal static partial void Parted(ILogger logger, string reason);

    [LoggerMessage(1372, LogLevel.Information, "This replica has {Count} blocks, and fetches up to {Wanted}")]
    internal static partial void Behind(ILogger logger, long count, long wanted);

    [LoggerMessage(1373, LogLevel.Information, "This replica has {Count} blocks, like the others")]
    internal static partial void CaughtUp(ILogger logger, long count);
}
