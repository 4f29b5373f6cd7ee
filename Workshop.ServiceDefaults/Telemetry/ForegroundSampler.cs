using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Workshop.ServiceDefaults.Telemetry;

/// <summary>
/// Traces what somebody asked for: requests, and the named work of a service's own. A call to another service or to a
/// database that no such work made comes from a loop (a heartbeat, a probe, a long poll) many times a second; it is not
/// traced, nor is what it causes elsewhere, since the decision travels with it.
/// </summary>
internal sealed class ForegroundSampler : Sampler
{
    /// <summary>Blazor's own trace of a page, beside that of the request which shows it.</summary>
    private const string PageOfRequest = "Microsoft.AspNetCore.Components";

    /// <summary>Decides for a trace's first span.</summary>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(
            samplingParameters.Kind is ActivityKind.Client
            || samplingParameters.Name.StartsWith(PageOfRequest, StringComparison.Ordinal)
                ? SamplingDecision.Drop
                : SamplingDecision.RecordAndSample
        );
}
