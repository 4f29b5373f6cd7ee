using System.Diagnostics;
using System.Diagnostics.Metrics;
using Registry.Conductor.StateMachine;

namespace Registry.Conductor;

/// <summary>
/// The conductor in the dashboard: a trace for each failover with its phases, their durations as a histogram, and what
/// holds at this moment as gauges.
/// </summary>
internal sealed class ConductorTelemetry : IDisposable
{
    private const string Source = "Workshop.Conductor";

    private static readonly ActivitySource Activities = new(Source);

    private readonly Meter meter;
    private readonly Histogram<double> phases;
    private int isObserved;

    /// <summary>Makes the instruments.</summary>
    public ConductorTelemetry(IMeterFactory meters)
    {
        meter = meters.Create(Source);
        phases = meter.CreateHistogram<double>(
            "workshop.failover.phase.duration",
            "s",
            "How long each phase of a failover took",
            advice: new() { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] }
        );
    }

    /// <summary>Shows what a conductor knows from now on.</summary>
    /// <param name="view">Read at each collection; null while nothing is known.</param>
    public void Observe(Func<ConductorView?> view)
    {
        if (Interlocked.Exchange(ref isObserved, 1) != 0)
        {
            return;
        }

        meter.CreateObservableGauge(
            "workshop.database.lag.bytes",
            () => Read(view()?.LagBytes),
            "By",
            "Log that the standby lacks"
        );
        meter.CreateObservableGauge(
            "workshop.database.lag",
            () => Read(view()?.LagMilliseconds / 1000),
            "s",
            "How old that log is"
        );
        meter.CreateObservableGauge(
            "workshop.database.in_sync",
            () => Read(InSync(view())),
            null,
            "1 while nothing that was acknowledged can be lost"
        );
        meter.CreateObservableGauge(
            "workshop.database.term",
            () => Read(view()?.Term),
            null,
            "Rises with each change of the primary"
        );
    }

    /// <summary>Tells of a failover once its last phase, the clients' way to the new primary, is known.</summary>
    public void Tell(Failover failover)
    {
        (string Name, double Milliseconds)[] parts =
        [
            ("detect", failover.DetectMilliseconds),
            ("fence", failover.FenceMilliseconds),
            ("promote", failover.PromoteMilliseconds),
            ("re-route", failover.RerouteMilliseconds),
        ];
        var at = failover.At - TimeSpan.FromMilliseconds(failover.TotalMilliseconds - failover.RerouteMilliseconds);
        using var whole = Activities.StartActivity(
            $"failover {failover.From} to {failover.To}",
            ActivityKind.Internal,
            parentContext: default,
            startTime: at
        );
        whole?.SetTag("workshop.term", failover.Term);
        foreach (var (name, milliseconds) in parts)
        {
            phases.Record(milliseconds / 1000, new KeyValuePair<string, object?>("phase", name));
            using var phase = Activities.StartActivity(
                name,
                ActivityKind.Internal,
                whole?.Context ?? default,
                startTime: at
            );
            at += TimeSpan.FromMilliseconds(milliseconds);
            phase?.SetEndTime(at.UtcDateTime);
        }

        whole?.SetEndTime(at.UtcDateTime);
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private static int? InSync(ConductorView? view) =>
        view is null ? null
        : view.Armed ? 1
        : 0;

    private static IEnumerable<Measurement<T>> Read<T>(T? value)
        where T : struct => value is { } known ? [new(known)] : [];
}
