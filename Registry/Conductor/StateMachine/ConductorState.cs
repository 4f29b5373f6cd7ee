namespace Registry.Conductor.StateMachine;

/// <summary>What does not change while the conductor runs.</summary>
/// <param name="Mode">The storage mode when none is persisted yet.</param>
/// <param name="Policy">What synchronous mirroring does without its standby.</param>
/// <param name="IsPaired">A second server is wired to this registry.</param>
internal sealed record PairSettings(StorageMode Mode, StandbyPolicy Policy, bool IsPaired);

/// <summary>A promotion that has happened and was not told yet.</summary>
/// <param name="From">The former primary.</param>
/// <param name="At">When the new one took writes.</param>
internal sealed record Promoted(string From, DateTimeOffset At);

/// <summary>
/// All that the conductor knows from one input to the next. Only <see cref="Persisted"/> outlives a restart; everything else is
/// measured anew.
/// </summary>
internal sealed record ConductorState
{
    /// <summary>Longest time between two looks at the facts; a probe's outcome calls for one at once.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    /// <summary>The state of a conductor that starts.</summary>
    /// <param name="settings">What does not change.</param>
    /// <param name="read">What is on disk.</param>
    /// <param name="canFence">Somebody is wired who can end a server.</param>
    /// <param name="now">The time.</param>
    public ConductorState(PairSettings settings, PersistedState read, bool canFence, DateTimeOffset now)
    {
        // At the first start the host says the mode, later it is persisted.
        (Settings, Persisted, Written) = (settings, read with { Mode = read.Mode ?? settings.Mode }, read);
        (CanFence, Watch, Silences) = (canFence, new(now), new(new(now), new(now)));
        Stop = ConductorStop.NotInMode(read, settings);
    }

    /// <summary>What does not change.</summary>
    public PairSettings Settings { get; }

    /// <summary>
    /// What is decided. Ahead of the disk in two cases only: a promotion that has happened is true whether it is written or not,
    /// and so is the mode of the first start.
    /// </summary>
    public PersistedState Persisted { get; init; }

    /// <summary>What is on disk; null when nobody knows, for a write failed.</summary>
    public PersistedState? Written { get; init; }

    /// <summary>Why nothing is decided; null while all is.</summary>
    public ConductorStop? Stop { get; init; }

    /// <summary>Each server's silence.</summary>
    public PerServer<Silence> Silences { get; init; }

    /// <summary>Each server's starts, copies and stops.</summary>
    public PerServer<ServerJobs> Jobs { get; init; }

    /// <summary>How far the standby is.</summary>
    public StandbyWatch Watch { get; init; }

    /// <summary>The parts of the failover that goes on.</summary>
    public FailoverClock Failover { get; init; }

    /// <summary>The promotion that was not told yet.</summary>
    public Promoted? Promoted { get; init; }

    /// <summary>When the primary was fenced; null when it was not, or has given a sign of life since.</summary>
    public DateTimeOffset? FencedAt { get; init; }

    /// <summary>Until then a person's decision to promote counts.</summary>
    public DateTimeOffset ForcedUntil { get; init; }

    /// <summary>That person takes the loss of what the other server lacks.</summary>
    public bool ForceMayLose { get; init; }

    /// <summary>Until then no other switch-over begins.</summary>
    public DateTimeOffset SwitchOverUntil { get; init; }

    /// <summary>There is somebody who can end a server and see it dead.</summary>
    public bool CanFence { get; init; }

    /// <summary>The rule that applied at the last look.</summary>
    public Rule? LastRule { get; init; }

    /// <summary>Longest time to the next look.</summary>
    public TimeSpan Pause { get; init; } = MaxPause;

    /// <summary>The storage mode in force.</summary>
    public StorageMode Mode => Persisted.Mode ?? Settings.Mode;

    /// <summary>The server that the persisted state names; before the first one the first server.</summary>
    public string Primary => Persisted.Primary is "" ? ServerNames.First : Persisted.Primary;

    /// <summary>Basic mode has no second server, but on the way to it and from it.</summary>
    public bool IsAlone => !Settings.IsPaired || (Persisted.Wanted is null && Mode is StorageMode.Basic);

    /// <summary>
    /// It is decided so. Where another server leads, or a second one is there again, nothing that was known of the standby holds,
    /// and a wish for another primary is met, or of a time that is over.
    /// </summary>
    public ConductorState Take(PersistedState next, DateTimeOffset now) =>
        this with
        {
            Persisted = next,
            Watch = IsAlone || !IsLedBy(next.Primary) ? new(now) : Watch,
            ForcedUntil = IsLedBy(next.Primary) ? ForcedUntil : default,
        };

    private bool IsLedBy(string server) => string.Equals(server, Persisted.Primary, StringComparison.Ordinal);
}
