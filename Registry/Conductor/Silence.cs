namespace Registry.Conductor;

/// <summary>
/// For how long a server has given no sign of life. Only time in which the conductor was awake counts: between two looks at
/// most <see cref="LongestStep"/>, so that a process that got no time on a busy machine, was paused, or has just been
/// started does not take its own absence for the server's.
/// </summary>
internal sealed class Silence(TimeProvider time)
{
    /// <summary>Looks come every 50 ms; what goes beyond some of these is this process's own delay.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(150);

    private long lookedAt = time.GetTimestamp();
    private long heardAt;
    private bool wasProbed;
    private TimeSpan length;

    /// <summary>Looks at what the probes have met.</summary>
    /// <returns>
    /// The silence until now. Before the first probe has ended there is none: a server that was never heard is silent from
    /// the first look after that.
    /// </returns>
    public TimeSpan Observe(ProbeState state)
    {
        var now = time.GetTimestamp();
        var step = time.GetElapsedTime(lookedAt, now);
        if (state.Reach is Reach.Unknown || state.LastAnswerAt != heardAt)
        {
            length = TimeSpan.Zero;
        }
        else if (wasProbed)
        {
            length += step < LongestStep ? step : LongestStep;
        }

        (lookedAt, heardAt, wasProbed) = (now, state.LastAnswerAt, state.Reach is not Reach.Unknown);
        return length;
    }
}
