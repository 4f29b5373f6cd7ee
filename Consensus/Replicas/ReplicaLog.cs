namespace Consensus.Replicas;

/// <summary>All log messages of the replicas. Event ids 1350-1379.</summary>
internal static partial class ReplicaLog
{
    [LoggerMessage(1350, LogLevel.Information, "This replica leads in term {Term}, from block {Count} on")]
    internal static partial void Leads(ILogger logger, long term, long count);

    [LoggerMessage(1351, LogLevel.Information, "This replica does not lead any more")]
    internal static partial void Follows(ILogger logger);

    [LoggerMessage(1352, LogLevel.Warning, "This replica cannot begin to lead: {Reason}")]
    internal static partial void NotBegun(ILogger logger, string reason);

    [LoggerMessage(1353, LogLevel.Critical, "This replica's ledger and that of the others parted: {Reason}")]
    internal static partial void Parted(ILogger logger, string reason);

    [LoggerMessage(1354, LogLevel.Information, "This replica has {Count} blocks, and fetches up to {Wanted}")]
    internal static partial void Behind(ILogger logger, long count, long wanted);

    [LoggerMessage(1355, LogLevel.Information, "This replica has {Count} blocks, like the others")]
    internal static partial void CaughtUp(ILogger logger, long count);

    [LoggerMessage(1356, LogLevel.Information, "This replica is empty: it votes when it has what the others have")]
    internal static partial void IsNew(ILogger logger);

    [LoggerMessage(1357, LogLevel.Information, "This replica takes part")]
    internal static partial void TakesPart(ILogger logger);

    [LoggerMessage(1358, LogLevel.Warning, "A stranger, or a replica with other rules, was refused: {Reason}")]
    internal static partial void Refused(ILogger logger, string reason);
}
