namespace Registry.Conductor.StateMachine;

/// <summary>A failover and what each of its parts took, in milliseconds of the monotonic clock.</summary>
/// <param name="Term">The term that it began.</param>
/// <param name="At">When the new primary was published.</param>
/// <param name="From">The old primary.</param>
/// <param name="To">The new one.</param>
/// <param name="DetectMilliseconds">From the old primary's last answer to the decision that it is down.</param>
/// <param name="FenceMilliseconds">From there until it was fenced.</param>
/// <param name="PromoteMilliseconds">From there until the new one took writes.</param>
/// <param name="RerouteMilliseconds">
/// From there until a client's query was seen on it; without clients, until published.
/// </param>
/// <param name="TotalMilliseconds">The sum.</param>
/// <param name="LagBytesBefore">Log that the new primary lacked, as last measured before; null when unknown.</param>
/// <param name="LagMillisecondsBefore">How old that log was.</param>
/// <param name="Lost">Ids of acknowledged orders that were lost, by the shop's receipts.</param>
/// <param name="ComparedBy">The servers of the shop whose receipts are in <paramref name="Lost"/>.</param>
/// <param name="Timeline">The new primary's timeline; null until it was asked.</param>
internal sealed record Failover(
    long Term,
    DateTimeOffset At,
    string From,
    string To,
    double DetectMilliseconds,
    double FenceMilliseconds,
    double PromoteMilliseconds,
    double RerouteMilliseconds,
    double TotalMilliseconds,
    long? LagBytesBefore,
    double? LagMillisecondsBefore,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> ComparedBy,
    long? Timeline = null
)
{
    /// <summary>How many receipts were looked for.</summary>
    public int ComparedReceipts { get; init; }

    /// <summary>How much of the old primary's log the lost orders span.</summary>
    public long LostBytes { get; init; }

    /// <summary>From the first lost acknowledgement to the last.</summary>
    public double LostMilliseconds { get; init; }

    /// <summary>The servers of the shop whose receipts are missing in <see cref="Lost"/>.</summary>
    public IReadOnlyList<string> NotComparedBy { get; init; } = [];

    /// <summary>The same with the time that the clients took.</summary>
    public Failover WithReroute(TimeSpan reroute) =>
        this with
        {
            RerouteMilliseconds = reroute.TotalMilliseconds,
            TotalMilliseconds = TotalMilliseconds - RerouteMilliseconds + reroute.TotalMilliseconds,
        };
}

/// <summary>The parts of a failover while it goes on. What a restart of the conductor cut off is null, and reads as 0.</summary>
internal readonly record struct FailoverClock(
    DateTimeOffset? LastAnswerAt,
    DateTimeOffset? DetectedAt,
    DateTimeOffset? FencedAt,
    StandbyFacts? Standby
)
{
    /// <summary>The primary is to be fenced. Only the first call since the last failover counts.</summary>
    public FailoverClock Detected(DateTimeOffset? primaryAnsweredAt, StandbyFacts lastKnown, DateTimeOffset now) =>
        DetectedAt is null ? new(primaryAnsweredAt, now, null, lastKnown) : this;

    /// <summary>The other server takes writes and is published.</summary>
    public Failover Finish(long term, string from, string to, DateTimeOffset promotedAt, DateTimeOffset now)
    {
        var detect = Between(LastAnswerAt, DetectedAt);
        var fence = Between(DetectedAt, FencedAt);
        var promote = Between(FencedAt, promotedAt);
        var push = Between(promotedAt, now);
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
            Standby?.LagBytes,
            Standby?.Lag?.TotalMilliseconds,
            [],
            []
        );
    }

    private static double Between(DateTimeOffset? from, DateTimeOffset? to) => (to - from)?.TotalMilliseconds ?? 0;
}
