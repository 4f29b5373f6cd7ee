using System.Globalization;
using LaboratoryBench.Chaos;

namespace LaboratoryBench.Failover;

/// <summary>What buyers feel when the primary is killed or hangs.</summary>
internal static class PrimaryLoss
{
    /// <summary>
    /// About two in five buy something: some 50 purchases a second. A gap is the longest silence between two of them; with
    /// fewer, chance alone leaves silences as long as a failover.
    /// </summary>
    private const double ArrivalsPerSecond = 120;

    /// <summary>Longest time for one series of faults.</summary>
    private static readonly TimeSpan SeriesLimit = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan InjectedLag = TimeSpan.FromMilliseconds(600);

    /// <summary>SIGKILL, synchronous mirroring.</summary>
    public static async Task<Measurement> Kills(FailoverOptions options) =>
        Killed(
            "The primary is killed (SIGKILL) under load, synchronous mirroring.",
            await Run("synchronous", FaultKind.KillPrimary, options.Kills),
            wanted50: 250,
            wanted99: 1000
        );

    /// <summary>SIGKILL of a database in a container, synchronous mirroring; a fifth as often.</summary>
    public static async Task<Measurement> Containers(FailoverOptions options)
    {
        var series = Series("synchronous", FaultKind.KillPrimary, options.FewTimes, ArrivalsPerSecond);
        return Killed(
            "The primary is killed (SIGKILL) in its container under load, synchronous mirroring.",
            await ChaosCommand.Run(series with { Databases = "containers" }, CancellationToken.None),
            wanted50: 1000,
            wanted99: 2000
        );
    }

    private static Measurement Killed(string what, ChaosResult result, double wanted50, double wanted99)
    {
        var gaps = Gaps(result);
        return Measured(
            what,
            result,
            [
                Figure.AtMost("nobody can buy, p50, ms", wanted50, Milliseconds(gaps, 0.5)),
                Figure.AtMost("nobody can buy, p99, ms", wanted99, Milliseconds(gaps, 0.99)),
                Figure.AtMost("acknowledged orders lost", 0, result.Count(Rule.AcknowledgedIsKept)),
                Figure.AtMost("from the kill to armed again, longest, s", 10, result.Faults.Max(Healed)),
                Figure.Of("from the kill to armed again, p50, s", Figure.Text(Healed(result, 0.5))),
            ]
        );
    }

    /// <summary>SIGSTOP, synchronous mirroring.</summary>
    public static async Task<Measurement> Stops(FailoverOptions options)
    {
        var result = await Run("synchronous", FaultKind.PausePrimary, options.FewTimes * 2);
        var gaps = Gaps(result);
        return Measured(
            "The primary hangs (SIGSTOP) under load, synchronous mirroring.",
            result,
            [
                Figure.Of("nobody can buy, p50, ms", Figure.Text(Milliseconds(gaps, 0.5))),
                Figure.AtMost("nobody can buy, p99, ms", 1500, Milliseconds(gaps, 0.99)),
                Figure.AtMost("acknowledged orders lost", 0, result.Count(Rule.AcknowledgedIsKept)),
                Figure.AtMost("from the stop to armed again, longest, s", 10, result.Faults.Max(Healed)),
            ]
        );
    }

    /// <summary>SIGKILL, asynchronous replication whose replica is held back, so that there is something to lose.</summary>
    /// <exception cref="InvalidOperationException">Nothing was lost: then the list of losses shows nothing.</exception>
    public static async Task<Measurement> Asynchronous(FailoverOptions options)
    {
        var series = Series("asynchronous", FaultKind.KillPrimary, options.FewTimes, ArrivalsPerSecond);
        var result = await ChaosCommand.Run(series with { InjectedLag = InjectedLag }, CancellationToken.None);
        var gaps = Gaps(result);
        var losses = result.History.Losses;
        var listed = losses.SelectMany(loss => loss.Orders).ToHashSet();
        var lost = result.History.Calls.Count(call =>
            call is { Outcome: Outcome.Ok, Order: { } id } && listed.Contains(id)
        );
        if (lost == 0)
        {
            throw new InvalidOperationException("No acknowledged order was lost, so the list of losses shows nothing.");
        }

        return Measured(
            $"The primary is killed (SIGKILL) under load, asynchronous replication, the replica held back by up to {Figure.Text(InjectedLag.TotalMilliseconds)} ms.",
            result,
            [
                Figure.Of("nobody can buy, p50, ms", Figure.Text(Milliseconds(gaps, 0.5))),
                Figure.Of("nobody can buy, p99, ms", Figure.Text(Milliseconds(gaps, 0.99))),
                Figure.Of("failovers that lost orders", Figure.Text(losses.Count(loss => loss.Orders.Count > 0))),
                Figure.Of("acknowledged orders lost and listed", Figure.Text(lost)),
                Figure.Of(
                    "lag shown before the crash, p50 / longest, ms",
                    $"{Figure.Text(Milliseconds([.. losses.Select(loss => loss.Lag)], 0.5))} / {Figure.Text(losses.Max(loss => loss.Lag).TotalMilliseconds)}"
                ),
                Figure.Of("oldest lost order, ms before the crash", Figure.Text(OldestLost(result).TotalMilliseconds)),
                Figure.AtMost("acknowledged orders lost and not listed", 0, result.Count(Rule.AcknowledgedIsKept)),
                Figure.AtMost(
                    "listed and not lost, or older than the lag shown",
                    0,
                    result.Count(Rule.AdmissionIsTrue)
                ),
            ]
        );
    }

    /// <summary>Age of the oldest acknowledged order that a failover lost, at the crash; as its buyer heard of it.</summary>
    private static TimeSpan OldestLost(ChaosResult result) =>
        (
            from loss in result.History.Losses
            let orders = loss.Orders.ToHashSet()
            from call in result.History.Calls
            where call is { Outcome: Outcome.Ok, Order: { } id } && orders.Contains(id)
            select loss.CrashedAt - call.Ended
        )
            .DefaultIfEmpty()
            .Max();

    private static Measurement Measured(string what, ChaosResult result, IReadOnlyList<Figure> figures)
    {
        Console.WriteLine(result.Summary());
        var how = string.Create(
            CultureInfo.InvariantCulture,
            $"{what} {result.Faults.Count} times, {ArrivalsPerSecond} arrivals a second, {result.Acknowledged.Count} orders acknowledged."
        );
        return new(how, [.. figures, .. Parts(result), Promises(result)], result.Violations.Count);
    }

    /// <summary>Every promise that the chaos checker knows, not only the one that the part is about.</summary>
    internal static Figure Promises(ChaosResult result, string when = "") =>
        Figure.AtMost($"{when}promises broken (all rules of the chaos checker)", 0, result.Violations.Count);

    /// <summary>Where the time goes, as the conductor says.</summary>
    private static IEnumerable<Figure> Parts(ChaosResult result)
    {
        var failovers = result.Faults.Select(fault => fault.Failover).OfType<FailoverParts>().ToList();
        if (failovers.Count == 0)
        {
            yield break;
        }

        (string Name, Func<FailoverParts, double> Part)[] parts =
        [
            ("detect", failover => failover.DetectMilliseconds),
            ("fence", failover => failover.FenceMilliseconds),
            ("promote", failover => failover.PromoteMilliseconds),
            ("re-route", failover => failover.RerouteMilliseconds),
        ];
        foreach (var (name, part) in parts)
        {
            var times = failovers.Select(failover => TimeSpan.FromMilliseconds(part(failover))).ToList();
            yield return Figure.Of(
                $"of it: {name}, p50 / p99, ms",
                $"{Figure.Text(Milliseconds(times, 0.5))} / {Figure.Text(Milliseconds(times, 0.99))}"
            );
        }
    }

    private static Task<ChaosResult> Run(string mode, FaultKind kind, int times) =>
        ChaosCommand.Run(Series(mode, kind, times, ArrivalsPerSecond), CancellationToken.None);

    /// <summary>One kind of fault, so many times.</summary>
    internal static ChaosOptions Series(string mode, FaultKind kind, int times, double arrivalsPerSecond) =>
        new()
        {
            Mode = mode,
            Only = [kind],
            MaxFaults = times,
            Duration = SeriesLimit,
            ArrivalsPerSecond = arrivalsPerSecond,
            LongestCalm = LongestCalm,
        };

    /// <summary>For how long nobody could buy, one for each fault.</summary>
    /// <exception cref="InvalidOperationException">After a fault nothing was bought any more.</exception>
    internal static IReadOnlyList<TimeSpan> Gaps(ChaosResult result)
    {
        var gaps = result.GapsAfter(result.Faults);
        return gaps.Count == result.Faults.Count
            ? gaps
            : throw new InvalidOperationException($"Of {result.Faults.Count} faults {gaps.Count} have a gap.");
    }

    internal static double Milliseconds(IReadOnlyCollection<TimeSpan> times, double quantile) =>
        Chaos.Gaps.Quantile(times, quantile).TotalMilliseconds;

    private static double Healed(Fault fault) => fault.Healed.TotalSeconds;

    private static double Healed(ChaosResult result, double quantile) =>
        Milliseconds([.. result.Faults.Select(fault => fault.Healed)], quantile) / 1000;
}
