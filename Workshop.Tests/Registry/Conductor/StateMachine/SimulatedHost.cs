using Registry.Conductor.StateMachine;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>The host of the simulated pair: it ends, starts, copies and stops servers, one thing at a time with each.</summary>
internal sealed class SimulatedHost(SimulatedPair pair)
{
    private readonly List<Work> works = [];

    public long AwayUntil { get; set; }

    public bool IsThere => pair.Now >= AwayUntil;

    /// <summary>Starts and copies may fail.</summary>
    public bool IsClumsy { get; set; }

    /// <summary>Ends a server and holds it down; what was under way with it is over.</summary>
    public void Kill(SimulatedServer server)
    {
        foreach (var work in works.Where(work => work.Server == server).ToArray())
        {
            End(work, JobOutcome.Failed);
        }

        server.Die();
        server.IsHeldDown = true;
    }

    public void Start(SimulatedServer server, Action<JobOutcome> ended) =>
        Begin(
            server,
            server.IsRunning,
            200 + pair.Chance.Next(1500),
            () =>
            {
                server.IsHeldDown = false;
                if (server.IsBroken)
                {
                    return JobOutcome.Failed;
                }

                server.Run(pair.Now);
                server.NoteStarted(pair.Now);
                return JobOutcome.Done;
            },
            ended
        );

    public void Rejoin(SimulatedServer server, SimulatedServer primary, Action<JobOutcome> ended)
    {
        Begin(
            server,
            isBusy: false,
            500 + pair.Chance.Next(3000),
            () =>
            {
                if (!primary.TakesWrites(pair.Now))
                {
                    return JobOutcome.Failed;
                }

                server.CopyOf(primary, pair.Now);
                server.NoteStarted(pair.Now);
                return JobOutcome.Done;
            },
            ended,
            () =>
            {
                server.Die();
                server.IsBroken = true;
            }
        );
    }

    public void Stop(SimulatedServer server, Action<JobOutcome> ended) =>
        Begin(
            server,
            isBusy: false,
            50 + pair.Chance.Next(500),
            () =>
            {
                server.Die();
                return JobOutcome.Done;
            },
            ended
        );

    /// <summary>A clean stop: a standby that streams has everything before the primary is gone.</summary>
    public void SwitchOver(SimulatedServer primary, Action<JobOutcome> ended) =>
        Begin(
            primary,
            isBusy: !primary.IsRunning,
            100 + pair.Chance.Next(500),
            () =>
            {
                var standby = pair.Other(primary);
                if (pair.IsConnected && standby.Serves(pair.Now) && !primary.IsStandby)
                {
                    standby.Log.AddRange(primary.Log.Skip(standby.Log.Count));
                }

                primary.Die();
                primary.IsHeldDown = true;
                return JobOutcome.Done;
            },
            ended
        );

    public void Tick()
    {
        for (var i = works.Count - 1; i >= 0; i--)
        {
            if (pair.Now >= works[i].EndsAt)
            {
                var isClumsy = IsClumsy && pair.Chance.Next(10) == 0;
                End(works[i], isClumsy ? JobOutcome.Failed : works[i].Do());
            }
        }
    }

    /// <summary>Nobody hears of what is under way: the conductor is another one.</summary>
    public void Forget() => works.ForEach(work => work.Ended = _ => { });

    private void Begin(
        SimulatedServer server,
        bool isBusy,
        int length,
        Func<JobOutcome> work,
        Action<JobOutcome> ended,
        System.Action? first = null
    )
    {
        if (!IsThere || isBusy || works.Exists(other => other.Server == server))
        {
            ended(IsThere ? JobOutcome.Busy : JobOutcome.Failed);
            return;
        }

        first?.Invoke();
        works.Add(new(server, pair.Now + length, work) { Ended = ended });
    }

    private void End(Work work, JobOutcome outcome)
    {
        works.Remove(work);
        pair.Say($"the host's work with {work.Server.Name}: {outcome}");
        // Its answer may be lost on the way.
        work.Ended(IsClumsy && pair.Chance.Next(10) == 0 ? JobOutcome.Failed : outcome);
    }

    private sealed record Work(SimulatedServer Server, long EndsAt, Func<JobOutcome> Do)
    {
        public required Action<JobOutcome> Ended { get; set; }
    }
}
