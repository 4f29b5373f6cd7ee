namespace Registry.Conductor.StateMachine;

/// <summary>What the conductor hears of; always with the time, which never goes back.</summary>
internal abstract record Input
{
    private Input(DateTimeOffset now) => Now = now;

    /// <summary>When.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>A look at the pair: everything that is decided follows from one.</summary>
    /// <param name="Now">When.</param>
    /// <param name="Probes">What is known of each server by its probes.</param>
    /// <param name="FullFor">How long each server's disk has had no room; null while it has some.</param>
    /// <param name="IsLagInjected">The replica is held back on purpose.</param>
    internal sealed record Look(
        DateTimeOffset Now,
        PerServer<ProbeState> Probes,
        PerServer<TimeSpan?> FullFor,
        bool IsLagInjected
    ) : Input(Now);

    /// <summary>The host answers, or does not.</summary>
    internal sealed record HostSeen(DateTimeOffset Now, bool IsThere) : Input(Now);

    /// <summary>A person wants a server to be primary; or, where nothing is decided, the first one to be the only one.</summary>
    /// <param name="Now">When.</param>
    /// <param name="Server">The standby when the wish came; null where nothing is decided.</param>
    /// <param name="MayLose">Even if it lacks what was acknowledged.</param>
    internal sealed record Forced(DateTimeOffset Now, string? Server, bool MayLose) : Input(Now);

    /// <summary>A person wants a storage mode.</summary>
    internal sealed record ModeWanted(DateTimeOffset Now, StorageMode Mode) : Input(Now);

    /// <summary>An effect is done; or, where it is the host's work, begun.</summary>
    internal sealed record Done(DateTimeOffset Now, Effect Effect) : Input(Now);

    /// <summary>An effect failed, or nobody knows; those after it are dropped.</summary>
    /// <param name="Now">When.</param>
    /// <param name="Effect">The effect.</param>
    /// <param name="Why">What is wrong.</param>
    /// <param name="IsHostGone">The host refuses connections.</param>
    internal sealed record Failed(DateTimeOffset Now, Effect Effect, string Why, bool IsHostGone = false) : Input(Now);

    /// <summary>The host's work with a server has ended.</summary>
    internal sealed record JobEnded(DateTimeOffset Now, string Server, JobOutcome Outcome) : Input(Now);

    /// <summary>The host's switch-over has ended, whether it was made or refused.</summary>
    internal sealed record SwitchOverEnded(DateTimeOffset Now) : Input(Now);
}
