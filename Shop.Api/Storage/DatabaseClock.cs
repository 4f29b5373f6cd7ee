namespace Shop.Api.Storage;

/// <summary>
/// The database's clock, as this server knows it: read now and then, carried on by the monotonic clock. Only this clock
/// decides about orders and keys; this machine's own may be anything.
/// </summary>
/// <param name="time">The monotonic clock; and the wall clock, until the database was first asked.</param>
public sealed class DatabaseClock(TimeProvider time)
{
    /// <summary>What two clocks of machines drift apart at most, as a share.</summary>
    private const double Drift = 0.0002;

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

    /// <summary>
    /// Takes in what the database said, if that is more exact than what is known, or cannot be true together with it: then
    /// its clock was set, or it is another server's.
    /// </summary>
    /// <param name="told">Its time.</param>
    /// <param name="asked">
    /// Timestamp of the question. The answer is as old as the way back took, which is not known: half of both ways, give or
    /// take as much.
    /// </param>
    internal void Note(DateTime told, long asked)
    {
        var doubt = time.GetElapsedTime(asked) / 2;
        var reading = new Reading(told + doubt, time.GetTimestamp(), doubt);
        if (Volatile.Read(ref last) is not { } known || IsBetter(reading, known))
        {
            Volatile.Write(ref last, reading);
        }
    }

    private bool IsBetter(Reading reading, Reading known)
    {
        var age = time.GetElapsedTime(known.Timestamp, reading.Timestamp);
        var doubt = known.Doubt + (age * Drift);
        var off = reading.At - (known.At + age);
        return reading.Doubt <= doubt || off.Duration() > doubt + reading.Doubt;
    }

    private sealed record Reading(DateTime At, long Timestamp, TimeSpan Doubt);
}
