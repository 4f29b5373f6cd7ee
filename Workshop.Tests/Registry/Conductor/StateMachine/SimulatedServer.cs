using Registry.Conductor.StateMachine;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>
/// One PostgreSQL server, as far as a conductor can tell: its log is a list of writes, its clock is in milliseconds.
/// </summary>
internal sealed class SimulatedServer(string name)
{
    private const long SuspectAfter = 800;

    private long? askedAt;
    private long waitsKnownAt;
    private long waitsShownAt;

    public string Name => name;

    /// <summary>The ids of the writes that it has on disk.</summary>
    public List<int> Log { get; } = [];

    public int Timeline { get; set; }

    /// <summary>Its data are a standby's.</summary>
    public bool IsStandby { get; set; }

    /// <summary>A copy of it was begun and not ended.</summary>
    public bool IsBroken { get; set; }

    /// <summary><c>synchronous_standby_names</c>.</summary>
    public string? Waits { get; private set; }

    /// <summary>The same as its sessions know it, which is a little later.</summary>
    public string? SessionsWait { get; private set; }

    /// <summary>The same as it is shown to who asks, which has its own delay.</summary>
    public string? ShownWait { get; private set; }

    public bool IsRunning { get; private set; }

    public long ReadyAt { get; private set; }

    public long HangsUntil { get; set; }

    /// <summary>Until then its sessions hear of no setting.</summary>
    public long CheckpointsUntil { get; set; }

    /// <summary>Until then the conductor does not reach it.</summary>
    public long CutUntil { get; set; }

    /// <summary>The host refuses to start it, but for the conductor.</summary>
    public bool IsHeldDown { get; set; }

    public long? FullSince { get; set; }

    /// <summary>Writes that wait for the standby: the id, and its place in the log.</summary>
    public List<(int Id, int Place, bool IsStray)> Waiting { get; } = [];

    /// <summary>What it was told while it hung.</summary>
    public List<System.Action> Unheard { get; } = [];

    public ProbeState Probe { get; private set; } = ProbeState.Unknown;

    public bool Serves(long now) => IsRunning && now >= ReadyAt && now >= HangsUntil;

    public bool TakesWrites(long now) => Serves(now) && !IsStandby;

    public void Run(long readyAt) => (IsRunning, ReadyAt, HangsUntil) = (true, readyAt, 0);

    public void Die()
    {
        (IsRunning, HangsUntil) = (false, 0);
        Waiting.Clear();
        Unheard.Clear();
    }

    public void WaitFor(string? standby, long knownAt, long shownAt) =>
        (Waits, waitsKnownAt, waitsShownAt) = (standby, knownAt, shownAt);

    /// <summary>It becomes a fresh copy; the primary's settings come along.</summary>
    public void CopyOf(SimulatedServer primary, long readyAt)
    {
        Log.Clear();
        Log.AddRange(primary.Log);
        (Timeline, IsStandby, IsBroken, IsHeldDown) = (primary.Timeline, true, false, false);
        (Waits, SessionsWait, ShownWait) = (primary.Waits, primary.Waits, primary.Waits);
        Run(readyAt);
    }

    public void Tick(long now)
    {
        SessionsWait = now >= Math.Max(waitsKnownAt, CheckpointsUntil) ? Waits : SessionsWait;
        ShownWait = now >= waitsShownAt ? Waits : ShownWait;

        if (Serves(now) && Unheard.Count > 0)
        {
            Unheard.ForEach(late => late());
            Unheard.Clear();
        }
    }

    /// <summary>What the conductor's probe of it knows now.</summary>
    public void Observe(SimulatedPair pair)
    {
        var now = pair.Now;
        var isReached = now >= CutUntil && (!IsRunning || now >= HangsUntil);
        if (!isReached)
        {
            askedAt ??= now;
            Probe = now - askedAt >= SuspectAfter ? Probe with { Reach = Reach.Silent, RefusedInARow = 0 } : Probe;
            return;
        }

        askedAt = null;
        if (IsRunning && now >= ReadyAt && Probe.Reach is Reach.Answers && pair.Chance.Next(4) == 0)
        {
            // The answer takes its time; the one before stands.
            return;
        }

        Probe =
            !IsRunning ? Probe with { Reach = Reach.Refused, RefusedInARow = Probe.RefusedInARow + 1 }
            : now < ReadyAt
                ? Probe with
                {
                    Reach = Reach.Starting,
                    RefusedInARow = 0,
                    LastAnswerAt = SimulatedPair.At(now),
                }
            : new(Reach.Answers, 0, SimulatedPair.At(now), TimeSpan.Zero, pair.Answer(this));
    }

    /// <summary>The host has seen it answer.</summary>
    public void NoteStarted(long now) =>
        Probe = Probe with { Reach = Reach.Starting, RefusedInARow = 0, LastAnswerAt = SimulatedPair.At(now) };

    /// <summary>The conductor that is new has asked nobody yet.</summary>
    public void ForgetProbe() => (Probe, askedAt) = (ProbeState.Unknown, null);

    public void NotePromoted(ProbeAnswer answer) => Probe = Probe with { Answer = answer };
}
