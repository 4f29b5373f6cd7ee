namespace Registry.Conductor;

/// <summary>The parts of a failover while it goes on, as timestamps of the monotonic clock.</summary>
internal sealed class FailoverClock(TimeProvider time)
{
    private long lastAnswerAt;
    private long detectedAt;
    private long fencedAt;
    private StandbyFacts standby = new();

    /// <summary>The primary is to be fenced. Only the first call since the last failover counts.</summary>
    public void Detected(long primaryAnsweredAt, StandbyFacts lastKnown)
    {
        if (detectedAt == 0)
        {
            (lastAnswerAt, detectedAt, standby) = (primaryAnsweredAt, time.GetTimestamp(), lastKnown);
        }
    }

    /// <summary>It is fenced.</summary>
    public void Fenced() => fencedAt = time.GetTimestamp();

    /// <summary>The primary is back, so there is no failover.</summary>
    public void Forget() => (lastAnswerAt, detectedAt, fencedAt) = (0, 0, 0);

    /// <summary>
    /// The other server takes writes and is published. What a restart of the conductor cut off reads as 0.
    /// </summary>
    public Failover Finish(long term, string from, string to, long promotedAt, DateTimeOffset now)
    {
        var detect = Between(lastAnswerAt, detectedAt);
        var fence = Between(detectedAt, fencedAt);
        var promote = Between(fencedAt, promotedAt);
        var push = time.GetElapsedTime(promotedAt).TotalMilliseconds;
        Forget();
        return new(
            term,
            now,
            from,
            to,
            detect,
            fence,
            promote,
            push,
            detect + fence + promote + push,
            standby.LagBytes,
            standby.Lag?.TotalMilliseconds,
            [],
            []
        );
    }

    private double Between(long from, long to) =>
        from == 0 || to == 0 ? 0 : time.GetElapsedTime(from, to).TotalMilliseconds;
}
