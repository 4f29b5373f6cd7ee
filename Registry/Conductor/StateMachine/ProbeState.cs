namespace Registry.Conductor.StateMachine;

/// <summary>What a server said at its last probe.</summary>
/// <param name="IsInRecovery">It is a standby.</param>
/// <param name="Position">
/// Log that it has on disk, in bytes since the beginning: a primary's own, a standby's received.
/// </param>
/// <param name="IsNamed">Its <c>synchronous_standby_names</c> is set.</param>
/// <param name="IsStreaming">It streams to the other server.</param>
/// <param name="IsSyncActive">It waits for the other server.</param>
/// <param name="StandbyPosition">
/// Log that the other server has on disk, as this one knows; null when it does not stream.
/// </param>
/// <param name="Replayed">Log that a standby has replayed, in bytes since the beginning; null on a primary.</param>
/// <param name="IsReplayPaused">Somebody has told the standby not to replay.</param>
/// <param name="IsCheckpointing">
/// Its checkpointer, which lets the sessions know of a setting, is busy and may not have read it.
/// </param>
internal record ProbeAnswer(
    bool IsInRecovery,
    long Position,
    bool IsNamed,
    bool IsStreaming,
    bool IsSyncActive,
    long? StandbyPosition,
    long? Replayed = null,
    bool IsReplayPaused = false,
    bool IsCheckpointing = false
);

/// <summary>What is known of a server by its probes; one is replaced by the next.</summary>
/// <param name="Reach">What the last probe met.</param>
/// <param name="RefusedInARow">Refused connections since the last answer.</param>
/// <param name="LastAnswerAt">When it gave its last sign of life; null before the first.</param>
/// <param name="Latency">How long the last answer took.</param>
/// <param name="Answer">The last answer.</param>
internal sealed record ProbeState(
    Reach Reach,
    int RefusedInARow,
    DateTimeOffset? LastAnswerAt,
    TimeSpan? Latency,
    ProbeAnswer? Answer
)
{
    /// <summary>Nothing yet.</summary>
    public static ProbeState Unknown { get; } = new(Reach.Unknown, 0, null, null, null);
}
