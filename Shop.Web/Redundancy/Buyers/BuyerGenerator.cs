using Shop.Web.Redundancy.Runs;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Holds the one run that may be under way, and the last one that ended.</summary>
/// <param name="services">Makes the shop client of each buyer.</param>
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
    /// <summary>Buyers come again under these many names.</summary>
    private const int Names = 10;

    /// <summary>Purchases of one kind of buyers that may be under way at once; beyond that, they wait.</summary>
    private const int MaxUnderWay = 200;

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
        var ending = lifetime.ApplicationStopping;
        try
        {
            if (await shelf.Fill(run.Id, ending) is { } refused)
            {
                Fail(run, $"The buyers' shelf could not be filled: {refused}");
                return;
            }

            var naive = scope.ServiceProvider.GetRequiredService<NaiveServer>();
            var server = run.Plan.WithNaive ? await naive.Find(ending) : null;
            if (run.Plan.WithNaive && server is null)
            {
                Fail(run, "The registry named no shop server, so naive buyers had nowhere to go.");
                return;
            }

            run.TermBefore = (await watch.Current()).Conductor?.LastFailover?.Term;
            run.Phase = RunPhase.Buying;
            (start, run.StartedAt) = (time.GetTimestamp(), time.GetUtcNow());
            using var judged = new CancellationTokenSource();
            var watching = Watch(run, judged.Token);
            try
            {
                var faulty = faults.Carry(run, start, stop);
                await Everybody(run, shelf.Ids, server, stop);
                await faulty;
                run.Phase = RunPhase.Checking;
                await Judge(run, shelf, server?.Instance, scope.ServiceProvider, ending);
            }
            finally
            {
                await judged.CancelAsync();
                await watching;
            }
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

    /// <summary>Both kinds at once: neither waits for the other.</summary>
    private Task Everybody(
        BuyerRun run,
        IReadOnlyList<Guid> shelf,
        RegisteredInstance? naive,
        CancellationToken stop
    ) =>
        Task.WhenAll(
            Come(run, n => One(run, $"lab-{run.Id}-{n % Names}", shelf[n % shelf.Count]), stop),
            naive is null
                ? Task.CompletedTask
                : Come(run, n => One(run, naive, $"lab-{run.Id}-naive-{n % Names}", shelf[n % shelf.Count]), stop)
        );

    /// <summary>Lets buyers come one after another, at the plan's rate, however long each of them takes.</summary>
    private async Task Come(BuyerRun run, Func<int, Task> buy, CancellationToken stop)
    {
        using var permits = new SemaphoreSlim(MaxUnderWay);
        var between = TimeSpan.FromSeconds(1) / run.Plan.RatePerSecond;
        List<Task> buyers = [];
        try
        {
            for (var n = 0; n < run.Plan.Orders && !stop.IsCancellationRequested; n++)
            {
                var due = (between * n) - time.GetElapsedTime(start);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                await permits.WaitAsync(lifetime.ApplicationStopping);
                buyers.Add(Enter(n));
            }
        }
        finally
        {
            await Task.WhenAll(buyers);
        }

        async Task Enter(int n)
        {
            try
            {
                await buy(n);
            }
            finally
            {
                permits.Release();
            }
        }
    }

    private async Task One(BuyerRun run, string user, Guid product)
    {
        run.Begin();
        await using var scope = services.CreateAsyncScope();
        var buyer = scope.ServiceProvider.GetRequiredService<Buyer>();
        run.End(await buyer.Buy(user, product, start, lifetime.ApplicationStopping));
    }

    private async Task One(BuyerRun run, RegisteredInstance server, string user, Guid product)
    {
        run.Begin();
        await using var scope = services.CreateAsyncScope();
        var buyer = scope.ServiceProvider.GetRequiredService<NaiveBuyer>();
        run.End(await buyer.Buy(server, user, product, start));
    }

    /// <summary>Notes who is primary and whether the standby is in sync, until the run is judged.</summary>
    private async Task Watch(BuyerRun run, CancellationToken judged)
    {
        while (!judged.IsCancellationRequested)
        {
            var situation = await watch.Current();
            run.Note(MomentOf(situation));
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
        run.Measurement = Measured(run.Journal, verdict) with
        {
            NaiveUnresolved = run.Plan.WithNaive ? naive.Unresolved : null,
        };
        run.Contrast = naiveServer is { } server ? new(server, naive, Measured(run.NaiveJournal, naive)) : null;
        run.Events = RunEvent.Of(run.StartedAt, conductor?.Events ?? []);
        file.Add(run.Measurement);
        run.Note(MomentOf(await watch.Current()), isLast: true);
        Keep(run, conductor?.Mode);
        run.Phase = RunPhase.Done;

        Measurement Measured(IReadOnlyList<Purchase> journal, Verdict found) =>
            Measurement.Of(
                time.GetUtcNow(),
                conductor?.Mode ?? "unknown",
                run.Plan,
                journal,
                found,
                run.Failovers is [.., var last] ? last : null
            );
    }

    private void Keep(BuyerRun run, string? mode) =>
        run.Number = folder.Add(number => RunRecord.Of(number, run, mode ?? "unknown")).Number;

    private void Fail(BuyerRun run, string why)
    {
        run.Remarks(why);
        if (run.StartedAt != default)
        {
            // Its purchases are worth a look, though nobody judged them.
            Keep(run, mode: null);
        }

        run.Phase = RunPhase.Failed;
    }
}
