namespace Registry.Leases;

/// <summary>
/// Wall time read once, then carried on by the monotonic clock: setting the machine's clock neither ends leases
/// nor prolongs them.
/// </summary>
/// <param name="time">The clock to read.</param>
internal sealed class SteadyClock(TimeProvider time)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly long startedTimestamp = time.GetTimestamp();

    /// <summary>The time now; never earlier than before.</summary>
    public DateTimeOffset Now => startedAt + time.GetElapsedTime(startedTimestamp);

    /// <summary>The clock that this one reads, for waits.</summary>
    public TimeProvider Time => time;
}
