using Shop.Web.Redundancy.Buyers;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Modes;

/// <summary>Carries out the one comparison that may be under way, and changes back to the mode that was in force.</summary>
/// <param name="switcher">Changes the mode, and puts right what is broken.</param>
/// <param name="buyers">Carries out each run.</param>
/// <param name="file">Keeps what came of it.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="time">Pauses between looks.</param>
/// <param name="lifetime">Ends it with the program.</param>
public sealed class ModeComparer(
    ModeSwitcher switcher,
    BuyerGenerator buyers,
    ComparisonFile file,
    Background background,
    TimeProvider time,
    IHostApplicationLifetime lifetime
) : IDisposable
{
    /// <summary>Longest wait for somebody else's run to end, and for a run to be judged after its buying.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private CancellationTokenSource? stopping;

    /// <summary>The number of the comparison that is under way; null for none.</summary>
    public int? Current { get; private set; }

    /// <summary>What is done just now, for a person; null when nothing is.</summary>
    public string? Doing { get; private set; }

    /// <summary>Starts a comparison, unless one is under way.</summary>
    /// <param name="plan">The plan of each run.</param>
    /// <returns>Its number; null when one is under way.</returns>
    public int? Start(BuyerPlan plan)
    {
        lock (gate)
        {
            if (Current is not null)
            {
                return null;
            }

            stopping?.Dispose();
            stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            var comparison = file.Add(number => ModeComparison.Of(number, time.GetUtcNow(), plan));
            (Current, Doing) = (comparison.Number, "Beginning …");
            var stop = stopping.Token;
            background.Once("a comparison of the storage modes", () => Carry(comparison, stop));
            return comparison.Number;
        }
    }

    /// <summary>Sends the buyers home; the mode that was in force before comes back.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopping?.Cancel();
        }
    }

    /// <inheritdoc />
    public void Dispose() => stopping?.Dispose();

    private async Task Carry(ModeComparison comparison, CancellationToken stop)
    {
        string? remark = "It was ended by a fault of the laboratory itself; the storefront's log says which.";
        var before = await switcher.Mode(stop);
        try
        {
            remark = before is null
                ? "The conductor does not answer, so the mode cannot be changed."
                : await AllModes(comparison, stop);
        }
        catch (OperationCanceledException)
        {
            remark = "It was stopped.";
        }
        finally
        {
            if (before is not null && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                Doing = $"Changing back to {before} storage …";
                // Of a run that was stopped the orders are still looked for.
                await UntilNobodyBuys(lifetime.ApplicationStopping);
                remark = Joined(remark, await switcher.Reach(before, lifetime.ApplicationStopping));
            }

            file.Change(comparison.Number, known => known with { IsDone = true, Remark = remark });
            lock (gate)
            {
                (Current, Doing) = (null, null);
            }
        }
    }

    /// <summary>All modes in their order; what keeps one from its run is told in its place.</summary>
    private async Task<string?> AllModes(ModeComparison comparison, CancellationToken stop)
    {
        for (var n = 0; n < comparison.Modes.Count; n++)
        {
            var mode = comparison.Modes[n].Mode;
            var turn = FormattableString.Invariant($"{n + 1} of {comparison.Modes.Count}, {mode}");
            var compared = await Reach(mode, turn, stop);
            if (compared.Remark is null)
            {
                Doing = $"{turn}: customers buy …";
                compared = await Run(comparison.Plan, mode, stop);
                Doing = $"{turn}: putting right what was broken …";
                await switcher.PutRight(stop);
            }

            file.Change(comparison.Number, known => known.With(compared));
        }

        return null;
    }

    /// <summary>Changes the mode, but under nobody's run.</summary>
    private async Task<ComparedMode> Reach(string mode, string turn, CancellationToken stop)
    {
        Doing = $"{turn}: waiting for somebody else's run to end …";
        if (!await UntilNobodyBuys(stop))
        {
            return new(mode, Remark: "Somebody else's run did not end in time.");
        }

        Doing = $"{turn}: changing the storage mode …";
        return new(mode, Remark: await switcher.Reach(mode, stop));
    }

    /// <summary>Waits for the run that is under way; false where it takes too long.</summary>
    private async Task<bool> UntilNobodyBuys(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (buyers.IsRunning && time.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(BetweenLooks, time, ct);
        }

        return !buyers.IsRunning;
    }

    private async Task<ComparedMode> Run(BuyerPlan plan, string mode, CancellationToken stop)
    {
        if (!buyers.Start(plan))
        {
            return new(mode, Remark: "Somebody else started a run at that moment.");
        }

        var run = buyers.Run!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(plan.Seconds) + Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            while (run.Phase is not (RunPhase.Done or RunPhase.Failed))
            {
                await Task.Delay(BetweenLooks, time, either.Token);
            }

            return new(mode, run.Number, run.Phase is RunPhase.Failed ? run.Remark : null);
        }
        catch (OperationCanceledException)
        {
            buyers.Stop();
            stop.ThrowIfCancellationRequested();
            return new(mode, Remark: "The run did not end in time.");
        }
    }

    private static string? Joined(string? first, string? second) =>
        (first, second) is ({ } one, { } other) ? $"{one} {other}" : first ?? second;
}
