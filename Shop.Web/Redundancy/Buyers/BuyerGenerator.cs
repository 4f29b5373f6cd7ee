using Shop.Web.Redundancy.Crowds;
using Shop.Web.Redundancy.Runs;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Holds the one run that may be under way, and the last one that ended.</summary>
/// <param name="services">Makes the clients of each run.</param>
/// <param name="crowd">The buyers.</param>
/// <param name="watch">Tells who is primary.</param>
/// <param name="file">Keeps what was measured.</param>
/// <param name="folder">Keeps the whole run.</param>
/// <param name="faults">Makes the planned faults.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="time">The run's clock.</param>
/// <param name="lifetime">Ends the run with the program.</param>
/// <param name="logger">Hears of runs that failed.</param>
public sealed class BuyerGenerator(
    IServiceScopeFactory services,
    ICrowd crowd,
    SituationWatch watch,
    MeasurementFile file,
    RunFolder folder,
    FaultInjector faults,
    Background background,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<BuyerGenerator> logger
) : IDisposable
{
    /// <summary>Between two looks at who is primary.</summary>
    private static readonly TimeSpan BetweenMoments = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private CancellationTokenSource? stopping;
    private long start;

    /// <summary>The run under way, or else the last one.</summary>
    public BuyerRun? Run { get; private set; }

    /// <summary>Whether a run is under way.</summary>
    public bool IsRunning => Run is { Phase: not (RunPhase.Done or RunPhase.Failed) };

    /// <summary>Milliseconds since the start of the run's buying.</summary>
    public double Now => time.GetElapsedTime(start).TotalMilliseconds;

    /// <summary>Starts a run, unless one is under way.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <returns>Whether it was started.</returns>
    public bool Start(BuyerPlan plan)
    {
        lock (gate)
        {
            if (IsRunning)
            {
                return false;
            }

            stopping?.Dispose();
            stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            start = time.GetTimestamp();
            Run = new(Guid.CreateVersion7().ToString("N")[^10..], plan);
            var (run, stop) = (Run, stopping.Token);
            background.Once("a run of buyers", () => Carry(run, stop));
            return true;
        }
    }

    /// <summary>Sends the buyers home; what they have begun is still checked.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopping?.Cancel();
        }
    }

    /// <inheritdoc />
    public void Dispose() => stopping?.Dispose();

    private async Task Carry(BuyerRun run, CancellationToken stop)
    {
        await using var scope = services.CreateAsyncScope();
        var shelf = scope.ServiceProvider.GetRequiredService<LabShelf>();
        try
        {
            await CarryOut(run, shelf, scope.ServiceProvider, stop);
        }
        catch (OperationCanceledException)
        {
            Fail(run, "The storefront was stopped.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogMessages.MeasurementNotKept(logger, exception);
            Fail(run, "What was measured could not be written down.");
        }
        finally
        {
            if (run.Phase is not (RunPhase.Done or RunPhase.Failed))
            {
                Fail(run, "The run was ended by a fault of the laboratory itself; the storefront's log says which.");
            }

            await shelf.Clear(CancellationToken.None);
        }
    }

    private async Task CarryOut(BuyerRun run, LabShelf shelf, IServiceProvider scope, CancellationToken stop)
    {
        var ending = lifetime.ApplicationStopping;
        if (await crowd.Prepare(ending) is { } nobody)
        {
            Fail(run, nobody);
            return;
        }

        if (await shelf.Fill(run.Id, ending) is { } refused)
        {
            Fail(run, $"The buyers' shelf could not be filled: {refused}");
            return;
        }

        var server = run.Plan.WithNaive ? await scope.GetRequiredService<NaiveServer>().Find(ending) : null;
        if (run.Plan.WithNaive && server is null)
        {
            Fail(run, "The registry named no shop server, so naive buyers had nowhere to go.");
            return;
        }

        var conductor = (await watch.Current()).Conductor;
        (run.TermBefore, run.IsObserved) = (conductor?.LastFailover?.Term, conductor is { IsExternal: true });
        using var judged = new CancellationTokenSource();
        var watching = Watch(run, judged.Token);
        try
        {
            var plan = new CrowdPlan(run.Id, shelf.Ids, run.Plan.RatePerSecond, run.Plan.Orders, server?.Address);
            if (await Buy(run, plan, stop) is { } lost)
            {
                Fail(run, lost);
                return;
            }

            run.Phase = RunPhase.Checking;
            await Judge(run, shelf, server?.Instance, scope, ending);
        }
        finally
        {
            await judged.CancelAsync();
            await watching;
        }
    }

    /// <summary>Has the crowd buy, while the planned faults are made.</summary>
    /// <returns>Null, or why there is nothing to judge.</returns>
    private async Task<string?> Buy(BuyerRun run, CrowdPlan plan, CancellationToken stop)
    {
        using var noMoreFaults = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (faulty, lost) = (Task.CompletedTask, (string?)null);
        try
        {
            await foreach (var news in crowd.Send(plan, stop, lifetime.ApplicationStopping))
            {
                if (news.BeganAt is { } began)
                {
                    (start, run.StartedAt) = (TimestampOf(began), began);
                    run.Phase = RunPhase.Buying;
                    faulty = faults.Carry(run, start, noMoreFaults.Token);
                }

                run.Note(news);
                lost = news.Lost;
            }
        }
        finally
        {
            if (lost is not null)
            {
                await noMoreFaults.CancelAsync();
            }

            await faulty;
        }

        if (stop.IsCancellationRequested && run.Journal.Count < plan.Orders)
        {
            run.Remarks("It was stopped before all of its buyers had come.");
        }

        return lost is null
            ? null
            : $"The laboratory was lost, and with it what its buyers were told: there is no verdict. ({lost})";
    }

    /// <summary>The timestamp of a moment that has just been, by the clock that all processes of a machine share.</summary>
    private long TimestampOf(DateTimeOffset moment)
    {
        var since = time.GetUtcNow() - moment;
        return time.GetTimestamp() - (long)(Math.Max(since.TotalSeconds, 0) * time.TimestampFrequency);
    }

    /// <summary>Notes who is primary and whether the standby is in sync, until the run is judged.</summary>
    private async Task Watch(BuyerRun run, CancellationToken judged)
    {
        while (!judged.IsCancellationRequested)
        {
            var situation = await watch.Current();
            if (run.Phase is not RunPhase.Preparing)
            {
                run.Note(MomentOf(situation));
            }

            run.NoteMode(situation.Conductor?.Mode);
            run.Note(situation.Conductor?.LastFailover);
            await Task.Delay(BetweenMoments, time, judged).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private RunMoment MomentOf(Situation situation) =>
        new(
            Math.Round(Now, 1),
            situation.Conductor?.Primary,
            situation.Conductor is { Mode: not "basic" } conductor ? conductor.IsInSync : null,
            [.. situation.Parts.Select(part => new RunPart(part.Name, part.Kind, part.State, part.Role))]
        );

    private async Task Judge(
        BuyerRun run,
        LabShelf shelf,
        string? naiveServer,
        IServiceProvider scope,
        CancellationToken ct
    )
    {
        if (await scope.GetRequiredService<Checker>().Check(run, shelf, ct) is not var (verdict, naive))
        {
            Fail(run, "The shop did not answer the checker, so there is no verdict.");
            return;
        }

        var conductor = (await watch.Current()).Conductor;
        run.Note(conductor?.LastFailover);
        run.Verdict = verdict;
        run.Measurement = Measured(run.Journal, verdict) is { } measured
            ? measured with
            {
                NaiveUnresolved = run.Plan.WithNaive ? naive.Unresolved : null,
            }
            : null;
        run.Contrast = naiveServer is { } server ? new(server, naive, Measured(run.NaiveJournal, naive)) : null;
        run.Events = RunEvent.Of(run.StartedAt, conductor?.Events ?? []);
        if (run.Measurement is { } kept)
        {
            file.Add(kept);
        }

        run.Note(MomentOf(await watch.Current()), isLast: true);
        Keep(run);
        run.Phase = RunPhase.Done;

        Measurement? Measured(IReadOnlyList<Purchase> journal, Verdict found) =>
            Measurement.Of(time.GetUtcNow(), run.Mode, run.Plan, run.FaultsMade, journal, found, run.Failovers);
    }

    private void Keep(BuyerRun run) => run.Number = folder.Add(number => RunRecord.Of(number, run)).Number;

    private void Fail(BuyerRun run, string why)
    {
        run.Remarks(why);
        if (run.StartedAt != default)
        {
            // Its purchases are worth a look, though nobody judged them.
            Keep(run);
        }

        run.Phase = RunPhase.Failed;
    }
}
