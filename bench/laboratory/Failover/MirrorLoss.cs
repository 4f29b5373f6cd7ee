using System.Globalization;
using LaboratoryBench.Chaos;

namespace LaboratoryBench.Failover;

/// <summary>What buyers feel when the mirror is lost under the policy <c>available</c>.</summary>
internal static class MirrorLoss
{
    private const double ArrivalsPerSecond = 20;

    /// <summary>
    /// The mirror hangs until the conductor goes on without it. The run fails if that is not shown as "RPO 0: not armed", or
    /// if the pair is not armed again by itself once the mirror is back.
    /// </summary>
    public static async Task<Measurement> Measure(FailoverOptions options)
    {
        await using var workshop = await ChaosWorkshop.Start("synchronous", CancellationToken.None);
        var hung = await Run(workshop, FaultKind.LoseMirror, options.FewTimes);
        var killed = await Run(workshop, FaultKind.KillReplica, options.FewTimes);
        var (hungGaps, killedGaps) = (PrimaryLoss.Gaps(hung), PrimaryLoss.Gaps(killed));
        var how = string.Create(
            CultureInfo.InvariantCulture,
            $"The mirror hangs (SIGSTOP) until writes go on without it, then is killed (SIGKILL) and started again by the conductor; policy available. {options.FewTimes} times each, {ArrivalsPerSecond} arrivals a second."
        );
        return new(
            how,
            [
                Figure.AtMost("mirror dead: until writes resume, longest, s", 6, hungGaps.Max().TotalSeconds),
                Figure.Of("mirror dead: until writes resume, p50, s", Seconds(hungGaps)),
                // A fault of this kind ends the run if one of the two is not so.
                Figure.Of(
                    "mirror dead: shown as not armed, and armed again by itself, times",
                    Figure.Text(hung.Faults.Count)
                ),
                Figure.Of("mirror killed: until writes resume, p50, s", Seconds(killedGaps)),
                Figure.AtMost(
                    "mirror killed: until armed again, longest, s",
                    10,
                    killed.Faults.Max(fault => fault.Healed.TotalSeconds)
                ),
                PrimaryLoss.Promises(hung, "mirror dead: "),
                PrimaryLoss.Promises(killed, "mirror killed: "),
            ],
            hung.Violations.Count + killed.Violations.Count
        );
    }

    private static Task<ChaosResult> Run(ChaosWorkshop workshop, FaultKind kind, int times)
    {
        // The users of the second run are not those of the first, who have orders already.
        var options = PrimaryLoss.Series("synchronous", kind, times, ArrivalsPerSecond) with
        {
            Seed = 1 + (int)kind,
        };
        return ChaosCommand.Run(workshop, options, CancellationToken.None);
    }

    private static string Seconds(IReadOnlyCollection<TimeSpan> gaps) =>
        Figure.Text(PrimaryLoss.Milliseconds(gaps, 0.5) / 1000);
}
