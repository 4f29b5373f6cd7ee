using System.Globalization;
using LaboratoryBench.Chaos;

namespace LaboratoryBench.Failover.Outside;

/// <summary>What one side's run brought.</summary>
/// <param name="Strikes">What was done.</param>
/// <param name="History">What happened.</param>
/// <param name="Violations">What the checker found.</param>
internal sealed record OutsideResult(
    IReadOnlyList<OutsideStrike> Strikes,
    History History,
    IReadOnlyList<Violation> Violations
)
{
    /// <summary>For how long nobody could buy, after each fault of a kind.</summary>
    public IReadOnlyList<TimeSpan> Gaps(OutsideFault kind)
    {
        var acknowledged = History
            .Calls.Where(call => call is { IsPurchase: true, Outcome: Outcome.Ok })
            .Select(call => call.Ended)
            .Order()
            .ToArray();
        return
        [
            .. Of(kind)
                .Select(strike =>
                    Chaos.Gaps.After(acknowledged, strike.At, Strikes.FirstOrDefault(next => next.At > strike.At)?.At)
                )
                .OfType<TimeSpan>(),
        ];
    }

    /// <summary>Purchases that began between the fault and its end, and got no answer to their first request.</summary>
    public int Unanswered(OutsideFault kind) =>
        Of(kind)
            .Sum(strike =>
                History.Calls.Count(call =>
                    call is { IsPurchase: true, Outcome: Outcome.Unknown }
                    && call.Invoked >= strike.At
                    && call.Invoked <= strike.At + strike.Healed
                )
            );

    /// <summary>The faults of a kind.</summary>
    public IEnumerable<OutsideStrike> Of(OutsideFault kind) => Strikes.Where(strike => strike.Kind == kind);

    /// <summary>Acknowledged orders.</summary>
    public int Acknowledged => History.Calls.Count(call => call is { IsPurchase: true, Outcome: Outcome.Ok });
}

/// <summary>Does faults to one side, one after another, while shoppers come.</summary>
internal sealed class OutsideRun(
    IFaultySide side,
    IReadOnlyList<OutsideFault> kinds,
    int times,
    double arrivalsPerSecond
)
{
    private const int Seed = 23;

    /// <summary>How long somebody who is no primary is away.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly List<OutsideStrike> strikes = [];

    /// <summary>Runs and judges.</summary>
    public async Task<OutsideResult> Go()
    {
        var path = Path.Combine(Path.GetTempPath(), $"outside-{Guid.NewGuid():N}.jsonl");
        Console.WriteLine($"{side.Name}: journal {path}");
        await Until(state => state.IsWhole, "whole");
        var (history, _) = await new JudgedCrowd(side.Shop, path, Seed, arrivalsPerSecond).Go(
            DoAll,
            () => [],
            CancellationToken.None
        );
        return new(strikes, history, Checker.Check(history));
    }

    private async Task DoAll(Journal journal)
    {
        await Task.Delay(Calm);
        foreach (var kind in Enumerable.Repeat(kinds, times).SelectMany(all => all).Where(side.Kinds.Contains))
        {
            var (before, _) = await side.State();
            var at = journal.Now;
            var putRight = await side.Strike(kind);
            journal.Note(string.Create(CultureInfo.InvariantCulture, $"{kind}"));
            try
            {
                if (side.FailsOver(kind))
                {
                    await Until(
                        state => state.Primary is { } now && !string.Equals(now, before, StringComparison.Ordinal),
                        $"primary after {kind}"
                    );
                }
                else
                {
                    await Task.Delay(Absence);
                }
            }
            finally
            {
                await putRight();
            }

            await Until(state => state.IsWhole, $"whole after {kind}");
            strikes.Add(new(kind, at, journal.Now - at));
            Console.WriteLine($"{side.Name}: {kind}, whole after {strikes[^1].Healed.TotalSeconds:0.0} s");
            await Task.Delay(Calm);
        }
    }

    private async Task Until(Func<(string? Primary, bool IsWhole), bool> isSo, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo(await side.State()))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"{side.Name}: not {what} within {Limit}.");
            }

            await Task.Delay(Pause);
        }
    }
}
