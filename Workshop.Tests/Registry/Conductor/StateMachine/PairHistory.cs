using Registry.Conductor.StateMachine;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>
/// One history of the simulated pair: faults by chance for a while, then none; the same seed makes the same history.
/// </summary>
internal sealed class PairHistory
{
    private const long FaultsFrom = 2_000;
    private const long FaultsUntil = 18_000;

    /// <summary>By then all is well again: the longest patience is half a minute, and a copy may follow.</summary>
    private const long WellBy = FaultsUntil + 100_000;

    private readonly SimulatedPair pair;
    private readonly SimulatedHost host;
    private readonly SimulatedConductor conductor;

    /// <summary>Longest time between two faults: some are patiently waited for, others come one upon the other.</summary>
    private readonly int calm;
    private long nextFaultAt = FaultsFrom;
    private long nextSightAt;

    /// <summary>When a person who has changed the mode thinks better of it.</summary>
    private long? regretsAt;

    private PairHistory(int seed, ConductorStep step, int? endsAt, List<string>? trace)
    {
        var settings = new PairSettings(
            (seed % 4) switch
            {
                0 => StorageMode.Basic,
                1 => StorageMode.Asynchronous,
                _ => StorageMode.Synchronous,
            },
            seed % 5 == 0 ? StandbyPolicy.Strict : StandbyPolicy.Available,
            IsPaired: true
        );
        pair = new(seed, settings.Mode) { Trace = trace };
        calm = 600 + pair.Chance.Next(9_000);
        host = new(pair);
        conductor = new(pair, host, settings, step, Pass) { EndsAt = endsAt };
    }

    /// <summary>Lives through the history of a seed.</summary>
    /// <param name="seed">Which one.</param>
    /// <param name="step">The conductor.</param>
    /// <param name="endsAt">The one boundary of effects at which the conductor ends; null for some by chance.</param>
    /// <param name="trace">Hears what happened.</param>
    /// <returns>The boundaries that there were.</returns>
    public static int Live(int seed, ConductorStep step, int? endsAt = null, List<string>? trace = null)
    {
        var history = new PairHistory(seed, step, endsAt, trace);
        history.Live();
        return history.conductor.Boundaries;
    }

    private void Live()
    {
        while (pair.Now < FaultsUntil)
        {
            (host.IsClumsy, conductor.IsUnlucky) = (pair.Now >= FaultsFrom, pair.Now >= FaultsFrom);
            Look();
        }

        Mend();
        while (!IsWell())
        {
            SimulatedPair.Break(pair.Now > WellBy, $"not well again; rule {conductor.LastRule}; {pair.Disk}");
            Look();
        }

        pair.Check(pair[pair.Disk.Primary]);
    }

    private void Look()
    {
        if (pair.Now >= nextSightAt)
        {
            conductor.SeeHost();
            nextSightAt = pair.Now + 500;
        }

        var pause = conductor.Work();
        Pass(Math.Max(3, pause == 50 ? 50 + pair.Chance.Next(100) : pause));
    }

    /// <summary>Time passes, whatever the conductor is about.</summary>
    private void Pass(long length)
    {
        for (var end = pair.Now + length; pair.Now < end; )
        {
            pair.Tick(Math.Min(100, end - pair.Now));
            host.Tick();
            if (pair.Now >= regretsAt)
            {
                regretsAt = null;
                conductor.Want((StorageMode)pair.Chance.Next(3));
            }

            if (pair.Now >= nextFaultAt && pair.Now < FaultsUntil)
            {
                nextFaultAt = pair.Now + pair.Chance.Next(calm);
                Harm();
            }
        }
    }

    private void Harm()
    {
        var server = pair.Chance.Next(2) == 0 ? pair.First : pair.Second;
        var until = pair.Now + pair.Chance.Next(8_000);
        var fault = pair.Chance.Next(16);
        pair.Say($"fault {fault} of {server.Name} until {until}");
        switch (fault)
        {
            case 0 or 1:
                server.Die();
                break;
            case 2 when server.IsRunning:
                server.HangsUntil = until;
                break;
            case 3:
                server.CutUntil = until;
                break;
            case 4 or 13 or 14:
                pair.ReplicationCutUntil = until + 7_000;
                break;
            case 5:
                host.AwayUntil = until;
                break;
            case 6:
                pair.LagsUntil = until;
                break;
            case 7:
                server.FullSince ??= pair.Now;
                break;
            case 8:
                conductor.Want((StorageMode)pair.Chance.Next(3));
                regretsAt = pair.Chance.Next(2) == 0 ? pair.Now + pair.Chance.Next(300) : null;
                break;
            case 9 when pair.Chance.Next(3) == 0:
                conductor.Force();
                break;
            case 10 when !server.IsRunning && !server.IsHeldDown && !server.IsBroken && !conductor.IsAlone:
                server.Run(pair.Now + 500);
                break;
            case 11 when pair.Disk.Promotable is { } next && !pair[next].IsBroken:
                host.SwitchOver(pair.Other(pair[next]), _ => { });
                break;
            case 15:
                server.CheckpointsUntil = until;
                break;
            case 12:
                // The conductor gets no time: nothing of what is between two looks was heard.
                pair.Tick(pair.Chance.Next(3_000));
                break;
        }
    }

    private void Mend()
    {
        pair.Say("nothing is wrong any more");
        foreach (var server in new[] { pair.First, pair.Second })
        {
            (server.HangsUntil, server.CutUntil, server.FullSince) = (0, 0, null);
        }

        (pair.ReplicationCutUntil, pair.LagsUntil, host.AwayUntil) = (0, 0, 0);
        (host.IsClumsy, conductor.IsUnlucky) = (false, false);
    }

    /// <summary>
    /// One published primary takes writes, and where the mode has a standby it is in sync.
    /// </summary>
    private bool IsWell()
    {
        var disk = pair.Disk;
        if (
            disk is not { Term: > 0, Pending: null }
            || !string.Equals(pair.Published, disk.Primary, StringComparison.Ordinal)
        )
        {
            return false;
        }

        var primary = pair[disk.Primary];
        var standby = pair.Other(primary);
        // A person has to switch over first: an asynchronous standby is not made the primary by a change of the mode.
        var waitsForPerson =
            disk is { Mode: StorageMode.Asynchronous, Wanted: StorageMode.Basic, Primary: ServerNames.Second };
        return primary.TakesWrites(pair.Now)
            && (disk.Wanted is null || waitsForPerson)
            && (
                disk.Mode is StorageMode.Basic
                    ? primary.SessionsWait is null && (conductor.HasRestarted || !standby.IsRunning)
                    : pair.IsConnected
                        && string.Equals(disk.Promotable, standby.Name, StringComparison.Ordinal)
                        && disk.Mode is StorageMode.Synchronous == primary.SessionsWait is not null
            );
    }
}
