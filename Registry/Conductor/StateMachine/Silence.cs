namespace Registry.Conductor.StateMachine;

/// <summary>
/// For how long a server has given no sign of life. Only time in which the conductor was awake counts: between two looks at
/// most <see cref="LongestStep"/>, so that a process that got no time on a busy machine, was paused, or has just been
/// started does not take its own absence for the server's.
/// </summary>
/// <param name="LookedAt">The last look.</param>
/// <param name="HeardAt">The last sign of life.</param>
/// <param name="WasProbed">A probe had ended by the last look.</param>
/// <param name="Length">
/// The silence until now. Before the first probe has ended there is none: a server that was never heard is silent from the
/// first look after that.
/// </param>
internal readonly record struct Silence(
    DateTimeOffset LookedAt,
    DateTimeOffset? HeardAt = null,
    bool WasProbed = false,
    TimeSpan Length = default
)
{
    /// <summary>Looks come every 50 ms; what goes beyond some of these is this process's own delay.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(150);

    /// <summary>Looks at what the probes have met.</summary>
    public Silence Observe(ProbeState state, DateTimeOffset now)
    {
        var isProbed = state.Reach is not Reach.Unknown;
        var step = now - LookedAt < LongestStep ? now - LookedAt : LongestStep;
        var length =
            !isProbed || state.LastAnswerAt != HeardAt ? TimeSpan.Zero
            : WasProbed ? Length + step
            : Length;
        return new(now, state.LastAnswerAt, isProbed, length);
    }
}
