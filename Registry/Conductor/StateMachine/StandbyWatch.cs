namespace Registry.Conductor.StateMachine;

/// <summary>Follows how far the standby is, over the probes of both servers.</summary>
/// <param name="StreamedAt">When it last streamed, or may have begun to.</param>
internal sealed record StandbyWatch(DateTimeOffset StreamedAt)
{
    /// <summary>
    /// From the moment that the primary shows the wait as active to the taking of the mark: its checkpointer, which lets the
    /// sessions know, reads the setting within milliseconds of the others, unless it is busy.
    /// </summary>
    private static readonly TimeSpan MarkDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>What follows from the last probes. While the primary does not serve, its last word on the lag stands.</summary>
    public StandbyFacts Facts { get; private init; } = new();

    /// <summary>A primary that still shows the old setting by then is told the new one again.</summary>
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(5);

    private LagHistory History { get; init; } = LagHistory.Empty;

    /// <summary>When writes were let go, as long as the primary's answers may be of before.</summary>
    private DateTimeOffset? LetGoAt { get; init; }

    private DateTimeOffset? ActiveSince { get; init; }

    private long? Mark { get; init; }

    private long? StandbyPosition { get; init; }

    /// <summary>
    /// Writes do not wait from now on, or it is unknown whether they do: until the primary says so too, nothing that it says of
    /// the wait counts, for it may be of before, and the standby would be taken for one that has all.
    /// </summary>
    public StandbyWatch LetGo(DateTimeOffset now) => this with { LetGoAt = now, ActiveSince = null, Mark = null };

    /// <summary>Writes were told to wait, whatever was said before.</summary>
    public StandbyWatch Told() => this with { LetGoAt = null, ActiveSince = null, Mark = null };

    /// <summary>Takes up what the probes have met.</summary>
    public StandbyWatch Observe(
        ServerFacts primary,
        ProbeState primaryProbe,
        ServerFacts? other,
        ProbeAnswer? otherSays,
        DateTimeOffset now
    )
    {
        if (!primary.IsWritable || primaryProbe.Answer is not { } primarySays)
        {
            // Nobody can stream from it; when it is back the standby gets its time to find it.
            return this with
            {
                StreamedAt = now,
                LetGoAt = LetGoAt is null ? null : now,
                ActiveSince = null,
                Mark = null,
                Facts = Facts with { IsStreaming = false, IsSyncActive = false, HasReplayedMark = false },
            };
        }

        var history = History.Note(now, primarySays.Position);
        // The primary notices a standby that hangs only after its wal_sender_timeout; the probes notice earlier.
        var isStreaming = primarySays.IsStreaming && other is { Reach: Reach.Answers or Reach.Unknown };
        // From the last sign of life, not from when its absence was noticed: a standby that hangs is noticed after 1 s.
        var heardAt = now - (other?.SilentFor ?? TimeSpan.Zero);
        var streamedAt = isStreaming && heardAt > StreamedAt ? heardAt : StreamedAt;
        var isSeenLetGo = !primarySays.IsNamed && primaryProbe.LastAnswerAt > LetGoAt;
        var letGoAt = isSeenLetGo ? null : LetGoAt;
        var isSyncActive = primarySays.IsSyncActive && letGoAt is null;
        // By when the answer was asked for: one that is late is of then.
        var activeSince = isSyncActive ? ActiveSince ?? primaryProbe.LastAnswerAt : null;
        var areSessionsTold = !primarySays.IsCheckpointing && primaryProbe.LastAnswerAt - activeSince >= MarkDelay;
        var mark =
            activeSince is null ? null
            : Mark is null && areSessionsTold ? primarySays.Position
            : Mark;
        var says = other is { IsStandby: true } ? otherSays : null;
        var standbyPosition = Latest(StandbyPosition, primarySays.StandbyPosition, says?.Position);
        return new(streamedAt)
        {
            History = history,
            LetGoAt = letGoAt,
            ActiveSince = activeSince,
            Mark = mark,
            StandbyPosition = standbyPosition,
            Facts = new(
                isStreaming,
                primarySays.IsNamed,
                isSyncActive,
                mark is { } position && primarySays.StandbyPosition >= position && says?.Replayed >= position,
                now - streamedAt,
                standbyPosition is { } has ? Math.Max(0, primarySays.Position - has) : null,
                standbyPosition is { } reached ? history.Lag(now, reached) : null,
                says?.Replayed is { } replayed ? history.Lag(now, replayed) : null,
                says is { IsReplayPaused: true },
                now - letGoAt >= LongestDoubt
            ),
        };
    }

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
