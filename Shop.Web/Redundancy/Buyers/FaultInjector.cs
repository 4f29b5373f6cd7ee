using Shop.Web.Api;
using Shop.Web.Redundancy.Runs;
using Shop.Web.Redundancy.Wires;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Makes the faults of a run's plan, and puts right what the plan says.</summary>
/// <param name="services">Makes the clients of each fault.</param>
/// <param name="watch">Tells who is primary.</param>
/// <param name="window">Counts who buys meanwhile.</param>
/// <param name="wires">Makes faults of the network.</param>
/// <param name="time">When each is due.</param>
public sealed class FaultInjector(
    IServiceScopeFactory services,
    SituationWatch watch,
    FaultWindow window,
    WireFaults wires,
    TimeProvider time
)
{
    /// <summary>Makes all of them, each at its time and in their order, however long the one before takes.</summary>
    /// <param name="run">The run, which hears of each.</param>
    /// <param name="start">Timestamp of the run's start.</param>
    /// <param name="stop">No more faults; what was broken is put right at once, where the plan says so.</param>
    public async Task Carry(BuyerRun run, long start, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(run);
        List<Task> made = [];
        var proxies = await PutIntoWires(run);
        foreach (var (atSeconds, line) in run.Plan.Faults.Schedule)
        {
            await Until(start, atSeconds, stop);
            if (stop.IsCancellationRequested || PlannedFault.Find(line.Fault) is not { Command: { } command } fault)
            {
                break;
            }

            if (fault.Resolve(await watch.Current()) is { } target)
            {
                made.Add(Make(run, line, fault, (command, target), start, stop));
            }
            else
            {
                run.Remarks($"At {atSeconds} s there was no {fault.Target} to break.");
            }
        }

        await Task.WhenAll(made);
        foreach (
            var wire in proxies
                .Concat(run.Faults.Where(IsOfWire).Select(fault => fault.Target))
                .Distinct(StringComparer.Ordinal)
        )
        {
            await wires.TakeOut(wire);
        }
    }

    /// <summary>A proxy that is to be cut later stands in its wire from the beginning, and passes everything on.</summary>
    private async Task<List<string>> PutIntoWires(BuyerRun run)
    {
        List<string> proxies = [];
        var planned = run.Plan.Faults.Lines.Select(line => PlannedFault.Find(line.Fault)).OfType<PlannedFault>();
        foreach (var fault in planned.Where(fault => fault.IsOfWire))
        {
            if (fault.Resolve(await watch.Current()) is { } wire && !proxies.Contains(wire, StringComparer.Ordinal))
            {
                proxies.Add(wire);
                await wires.Make(WireFaults.Mend, wire);
            }
        }

        return proxies;
    }

    private static bool IsOfWire(RunFault fault) => WireFaults.IsCommand(fault.Command);

    private async Task Make(
        BuyerRun run,
        FaultLine line,
        PlannedFault fault,
        (string Command, string Target) what,
        long start,
        CancellationToken stop
    )
    {
        var began = time.GetElapsedTime(start).TotalSeconds;
        if (!await Send(run, what.Command, what.Target, start, fault.Id) || fault.Back is not { } back)
        {
            return;
        }

        double? after =
            line.BackAfterSeconds is { } planned ? planned
            : fault.EndsWithRun ? run.Plan.Seconds - began
            : null;
        if (after is { } seconds)
        {
            await Until(start, began + seconds, stop);
            await Send(run, back, what.Target, start);
        }
    }

    private async Task Until(long start, double seconds, CancellationToken stop)
    {
        var wait = TimeSpan.FromSeconds(seconds) - time.GetElapsedTime(start);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends one command; the run hears when it was sent, and what came of it.</summary>
    private async Task<bool> Send(BuyerRun run, string command, string target, long start, string? id = null)
    {
        if (Fault.IsHarm(command))
        {
            window.Open();
        }

        await using var scope = services.CreateAsyncScope();
        using var trace = RunTracing.Start($"fault: {command} {target}");
        var at = Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1);
        var problem = await Problem(scope.ServiceProvider, command, target);
        if (problem is null)
        {
            run.Note(new RunFault(at, command, target, trace is null ? null : Trail.TraceId, id));
        }

        run.Remarks(
            problem is { } no
                ? $"{command} of {target} was refused: {no.Sentence}"
                : $"{Fault.Done(command, target)[..^1]} {Figures.Short(Math.Round(at / 1000, 1))} s into the run."
        );
        return problem is null;
    }

    private async Task<ApiProblem?> Problem(IServiceProvider scope, string command, string target) =>
        command switch
        {
            _ when WireFaults.IsCommand(command) => await wires.Make(command, target),
            PlannedFault.HoldBack => (
                await scope
                    .GetRequiredService<RegistryClient>()
                    .Delay(PlannedFault.HeldBackMilliseconds, CancellationToken.None)
            ).Problem,
            PlannedFault.Release => (
                await scope.GetRequiredService<RegistryClient>().Delay(0, CancellationToken.None)
            ).Problem,
            _ => (
                await scope.GetRequiredService<HostClient>().Command(target, command, CancellationToken.None)
            ).Problem,
        };
}
