namespace Shop.Api.Storage;

/// <summary>
/// The database's clock, as this server knows it: read now and then, carried on by the monotonic clock. Only this clock
/// decides about orders and keys; this machine's own may be anything.
/// </summary>
/// <param name="time">The monotonic clock; and the wall clock, until the database was first asked.</param>
public sealed class DatabaseClock(TimeProvider time)
{
    private Reading? last;

    /// <summary>Whether the database has been asked.</summary>
    public bool IsKnown => Volatile.Read(ref last) is not null;

    /// <summary>The database's time now, UTC, in whole microseconds as the database keeps them.</summary>
    public DateTime Now
    {
        get
        {
            var now = Volatile.Read(ref last) is { } reading
                ? reading.At + time.GetElapsedTime(reading.Timestamp)
                : time.GetUtcNow().UtcDateTime;
            return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
        }
    }

    /// <summary>How far this machine's clock is ahead of the database's; null before the database was asked.</summary>
    public TimeSpan? Difference => IsKnown ? time.GetUtcNow().UtcDateTime - Now : null;

    /// <summary>Takes in what the database said.</summary>
    /// <param name="told">Its time.</param>
    /// <param name="asked">Timestamp of the question; half of the way there and back lies before the answer.</param>
    internal void Note(DateTime told, long asked) =>
        Volatile.Write(ref last, new(told + (time.GetElapsedTime(asked) / 2), time.GetTimestamp()));

    private sealed record Reading(DateTime At, long Timestamp);
}
