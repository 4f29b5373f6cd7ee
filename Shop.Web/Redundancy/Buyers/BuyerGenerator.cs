using Shop.Web.Api;
using Shop.Web.Redundancy.Runs;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Holds the one run that may be under way, and the last one that ended.</summary>
/// <param name="services">Makes the shop client of each buyer.</param>
/// <param name="watch">Tells who is primary.</param>
/// <param name="file">Keeps what was measured.</param>
/// <param name="folder">Keeps the whole run.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="time">The run's clock.</param>
/// <param name="lifetime">Ends the run with the program.</param>
/// <param name="logger">Hears of runs that failed.</param>
public sealed class BuyerGenerator(
    IServiceScopeFactory services,
    SituationWatch watch,
    MeasurementFile file,
    RunFolder folder,
    Background background,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<BuyerGenerator> logger
) : IDisposable
{
    /// <summary>Buyers come again under these many names.</summary>
    private const int Names = 10;

    /// <summary>Purchases that may be under way at once; beyond that, buyers wait at the door.</summary>
    private const int MaxUnderWay = 200;

    /// <summary>Between two looks at who is primary.</summary>
    private static readonly TimeSpan BetweenMoments = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim door = new(MaxUnderWay);
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
    public void Dispose()
    {
        door.Dispose();
        stopping?.Dispose();
    }

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

            var before = (await watch.Current()).Conductor?.LastFailover?.Term;
            run.Phase = RunPhase.Buying;
            (start, run.StartedAt) = (time.GetTimestamp(), time.GetUtcNow());
            using var judged = new CancellationTokenSource();
            var watching = Watch(run, judged.Token);
            try
            {
                var fault = Break(run, stop);
                await Buy(run, shelf, stop);
                await fault;
                run.Phase = RunPhase.Checking;
                await Judge(run, shelf, before, scope.ServiceProvider.GetRequiredService<Checker>(), ending);
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
            await shelf.Clear(CancellationToken.None);
        }
    }

    private async Task Buy(BuyerRun run, LabShelf shelf, CancellationToken stop)
    {
        var between = TimeSpan.FromSeconds(1) / run.Plan.RatePerSecond;
        List<Task> buyers = [];
        for (var n = 0; n < run.Plan.Orders && !stop.IsCancellationRequested; n++)
        {
            var due = (between * n) - time.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await door.WaitAsync(lifetime.ApplicationStopping);
            buyers.Add(One(run, $"lab-{run.Id}-{n % Names}", shelf.Ids[n % shelf.Ids.Count]));
        }

        await Task.WhenAll(buyers);
    }

    private async Task One(BuyerRun run, string user, Guid product)
    {
        run.Begin();
        await using var scope = services.CreateAsyncScope();
        var buyer = scope.ServiceProvider.GetRequiredService<Buyer>();
        run.End(await buyer.Buy(user, product, start, lifetime.ApplicationStopping));
        door.Release();
    }

    /// <summary>Notes who is primary and whether the standby is in sync, until the run is judged.</summary>
    private async Task Watch(BuyerRun run, CancellationToken judged)
    {
        while (!judged.IsCancellationRequested)
        {
            run.Note(MomentOf(await watch.Current()));
            await Task.Delay(BetweenMoments, time, judged).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private RunMoment MomentOf(Situation situation) =>
        new(
            Math.Round(Now, 1),
            situation.Conductor?.Primary,
            situation.Conductor is { Mode: not "basic" } conductor ? conductor.InSync ?? conductor.Armed : null
        );

    private async Task Break(BuyerRun run, CancellationToken stop)
    {
        if (run.Plan.Fault.Command is not { } command)
        {
            return;
        }

        await Task.Delay(TimeSpan.FromSeconds(run.Plan.FaultAfterSeconds), time, stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var target = run.Plan.Fault.Resolve(await watch.Current());
        if (target is null)
        {
            run.Remark = "There was nobody of that role to break.";
            return;
        }

        using var trace = RunTracing.Start($"fault: {command} {target}");
        var made = new RunFault(Math.Round(Now, 1), command, target, trace is null ? null : Trail.TraceId);
        var answer = await scope.ServiceProvider.GetRequiredService<HostClient>().Command(target, command, stop);
        run.Remark = answer.Problem is { } problem
            ? $"{target} was not broken: {problem.Sentence}"
            : $"{Fault.Done(command, target)[..^1]} {run.Plan.FaultAfterSeconds} s into the run.";
        run.Fault = answer.Problem is null ? made : null;
    }

    private async Task Judge(BuyerRun run, LabShelf shelf, long? termBefore, Checker checker, CancellationToken ct)
    {
        if (await checker.Check(run, shelf, ct) is not { } verdict)
        {
            Fail(run, "The shop did not answer the checker, so there is no verdict.");
            return;
        }

        var conductor = (await watch.Current()).Conductor;
        var failover = conductor?.LastFailover is { } last && last.Term != termBefore ? last : null;
        run.Verdict = verdict;
        run.Measurement = Measurement.Of(
            time.GetUtcNow(),
            conductor?.Mode ?? "unknown",
            run.Plan,
            run.Journal,
            verdict,
            failover
        );
        file.Add(run.Measurement);
        run.Note(MomentOf(await watch.Current()), isLast: true);
        Keep(run, conductor?.Mode, failover);
        run.Phase = RunPhase.Done;
    }

    private void Keep(BuyerRun run, string? mode, Failover? failover) =>
        run.Number = folder.Add(number => RunRecord.Of(number, run, mode ?? "unknown", failover)).Number;

    private void Fail(BuyerRun run, string why)
    {
        run.Remark = why;
        if (run.StartedAt != default)
        {
            // Its purchases are worth a look, though nobody judged them.
            Keep(run, mode: null, failover: null);
        }

        run.Phase = RunPhase.Failed;
    }
}
