namespace Registry.Conductor;

/// <summary>Follows how far the standby is, over the probes of both servers.</summary>
internal sealed class StandbyWatch(TimeProvider time)
{
    /// <summary>
    /// From the moment that the primary shows the wait as active to the taking of the mark: its checkpointer, which lets the
    /// sessions know, reads the setting within milliseconds of the others.
    /// </summary>
    private static readonly TimeSpan MarkDelay = TimeSpan.FromMilliseconds(200);

    private readonly LagHistory history = new();
    private readonly long startedAt = time.GetTimestamp();
    private TimeSpan streamedAt;
    private TimeSpan? activeSince;
    private long? mark;
    private long? standbyPosition;
    private StandbyFacts last = new();

    /// <summary>Another server is primary: nothing that was known of the old one's standby holds.</summary>
    public void Reset()
    {
        history.Clear();
        (streamedAt, activeSince, mark, standbyPosition) = (Now, null, null, null);
        last = new();
    }

    /// <summary>
    /// What follows from the last probes. While the primary does not serve, its last word on the lag stands.
    /// </summary>
    public StandbyFacts Observe(
        ServerFacts primary,
        ProbeAnswer? primarySays,
        ServerFacts? other,
        ProbeAnswer? otherSays
    )
    {
        var now = Now;
        if (!primary.IsWritable || primarySays is null)
        {
            // Nobody can stream from it; when it is back the standby gets its time to find it.
            (streamedAt, activeSince, mark) = (now, null, null);
            return last with { IsStreaming = false, IsSyncActive = false, HasFlushedMark = false };
        }

        history.Note(now, primarySays.Position);
        // The primary notices a standby that hangs only after its wal_sender_timeout; the probes notice earlier.
        var isStreaming = primarySays.IsStreaming && other is { Reach: Reach.Answers or Reach.Unknown };
        // From the last sign of life, not from when its absence was noticed: a standby that hangs is noticed after 1 s.
        var heardAt = now - (other?.SilentFor ?? TimeSpan.Zero);
        streamedAt = isStreaming && heardAt > streamedAt ? heardAt : streamedAt;
        activeSince = primarySays.IsSyncActive ? activeSince ?? now : null;
        mark =
            activeSince is null ? null
            : mark is null && now - activeSince >= MarkDelay ? primarySays.Position
            : mark;
        var received = other is { IsStandby: true } ? otherSays?.Position : null;
        standbyPosition = Latest(standbyPosition, primarySays.StandbyPosition, received);
        last = new(
            isStreaming,
            primarySays.IsNamed,
            primarySays.IsSyncActive,
            mark is { } position && primarySays.StandbyPosition >= position,
            now - streamedAt,
            standbyPosition is { } has ? Math.Max(0, primarySays.Position - has) : null,
            standbyPosition is { } reached ? history.Lag(now, reached) : null,
            other is { IsStandby: true } && otherSays?.Replayed is { } replayed ? history.Lag(now, replayed) : null,
            other is { IsStandby: true } && otherSays is { IsReplayPaused: true }
        );
        return last;
    }

    private TimeSpan Now => time.GetElapsedTime(startedAt);

    /// <summary>A position only grows: the standby's own word and the primary's come at different times.</summary>
    private static long? Latest(params ReadOnlySpan<long?> positions)
    {
        long? latest = null;
        foreach (var position in positions)
        {
            latest = position is { } known && !(latest >= known) ? known : latest;
        }

        return latest;
    }
}
