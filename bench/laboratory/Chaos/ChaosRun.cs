using System.Text.Json;

namespace LaboratoryBench.Chaos;

/// <summary>One run: shoppers, faults, and then the judgement of everything that was promised meanwhile.</summary>
internal sealed class ChaosRun(ChaosOptions options, WorkshopControl workshop, HttpClient shop, string journalPath)
{
    /// <summary>Longest time until the shop says what a failover lost.</summary>
    private static readonly TimeSpan AdmitLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly JudgedCrowd crowd = new(shop, journalPath, options.Seed, options.ArrivalsPerSecond);
    private readonly List<Fault> done = [];
    private readonly List<AdmittedLoss> losses = [];
    private long judgedTerm;

    /// <summary>Runs and judges.</summary>
    /// <param name="ct">Ends the run early; what happened until then is judged.</param>
    /// <returns>The result; a broken rule is in it and is no exception.</returns>
    public async Task<ChaosResult> Go(CancellationToken ct)
    {
        var (history, turnedAway) = await crowd.Go(
            journal => DoFaults(new(workshop, journal, options.Mode, options.Seed), journal, ct),
            () => losses,
            ct
        );
        return new(options, history, done, turnedAway, Checker.Check(history));
    }

    private async Task DoFaults(Faults faults, Journal journal, CancellationToken ct)
    {
        var random = new Random(options.Seed);
        judgedTerm = (await workshop.Conductor())?.GetProperty("term").GetInt64() ?? 0;
        await Task.Delay(options.LongestCalm, ct);
        if (options.InjectedLag > TimeSpan.Zero)
        {
            await workshop.HoldReplicaBack(options.InjectedLag);
        }

        // However slow the machine: what the mode is there for is done once.
        var owed = options.Only is null ? Faults.Owed(options.Mode) : [];
        foreach (var kind in owed.Concat(Kinds(faults)))
        {
            if (ct.IsCancellationRequested || (done.Count >= owed.Count && IsOver()))
            {
                break;
            }

            if (options.InjectedLag > TimeSpan.Zero)
            {
                await workshop.UntilLagging(options.InjectedLag / 2, Faults.HealLimit);
            }

            var fault = await faults.Do(kind);
            done.Add(fault);
            if (options.Mode is "asynchronous" && fault.IsPrimaryGone)
            {
                await NoteLoss(fault);
            }

            await Task.Delay(options.LongestCalm * random.NextDouble(), ct);
        }

        bool IsOver() => journal.Now >= options.Duration || done.Count >= options.MaxFaults;
    }

    /// <summary>One deck after another, without end.</summary>
    private IEnumerable<FaultKind> Kinds(Faults faults)
    {
        while (true)
        {
            foreach (var kind in options.Only ?? faults.Deck())
            {
                yield return kind;
            }
        }
    }

    /// <summary>
    /// What the shop admits to have lost in this failover, once all its servers have compared their receipts.
    /// </summary>
    private async Task NoteLoss(Fault fault)
    {
        for (var tries = 0; tries < AdmitLimit / Pause; tries++)
        {
            var failover = (await crowd.Get("/storage")).GetProperty("lastFailover");
            if (
                failover.ValueKind == JsonValueKind.Object
                && failover.GetProperty("term").GetInt64() is var term
                && term > judgedTerm
                && failover.GetProperty("rpo") is var rpo
                && rpo.GetProperty("notAsked").GetArrayLength() == 0
            )
            {
                judgedTerm = term;
                var orders = rpo.GetProperty("lostOrders").EnumerateArray().Select(id => id.GetGuid());
                var lag = rpo.GetProperty("lagMillisecondsBefore") is { ValueKind: JsonValueKind.Number } shown
                    ? shown.GetDouble()
                    : 0;
                losses.Add(new([.. orders], fault.At, TimeSpan.FromMilliseconds(lag)));
                return;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException("The shop does not say what the failover lost.");
    }
}
