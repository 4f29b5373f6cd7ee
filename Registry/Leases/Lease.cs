namespace Registry.Leases;

/// <summary>What the registry thinks of an instance.</summary>
internal enum InstanceState
{
    /// <summary>Its lease runs and its probes are good: requests go there.</summary>
    Live,

    /// <summary>It missed one probe: requests go there only when no instance of the service is live.</summary>
    Suspect,

    /// <summary>It refuses, hangs, or let its lease run out: no request goes there.</summary>
    Dead,

    /// <summary>It left: no request goes there, those in flight are finished.</summary>
    Draining,
}

/// <summary>One instance's place in the registry. Times are of the registry's own steady clock.</summary>
/// <param name="Instance">The instance's name, unique within its service.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="Ttl">How long one heartbeat is good for.</param>
/// <param name="RenewedAt">The last heartbeat.</param>
/// <param name="State">What follows from heartbeats and probes.</param>
/// <param name="GoodProbes">Good probes in a row, counted up to <see cref="LeaseMachine.GoodProbesToReturn"/>.</param>
/// <param name="MissedProbes">Missed probes in a row, counted up to <see cref="LeaseMachine.MissesToDie"/>.</param>
/// <param name="LastProbe">When the last probe ended; null before the first.</param>
/// <param name="Latency">How long the last good probe took.</param>
/// <param name="Reason">Why no request goes there, in words; null while they do.</param>
internal sealed record Lease(
    string Instance,
    string Address,
    TimeSpan Ttl,
    DateTimeOffset RenewedAt,
    InstanceState State,
    int GoodProbes = 0,
    int MissedProbes = 0,
    DateTimeOffset? LastProbe = null,
    TimeSpan? Latency = null,
    string? Reason = null
)
{
    /// <summary>From this moment on the lease has run out.</summary>
    public DateTimeOffset EndsAt => RenewedAt + Ttl;
}

/// <summary>Something that was seen about one instance.</summary>
internal abstract record Fact
{
    private Fact() { }

    /// <summary>The instance registered, or renewed its lease.</summary>
    /// <param name="Address"><c>host:port</c>.</param>
    /// <param name="Ttl">How long this heartbeat is good for.</param>
    public sealed record Renewed(string Address, TimeSpan Ttl) : Fact;

    /// <summary>The instance said that it leaves.</summary>
    public sealed record Left : Fact;

    /// <summary>A probe was answered with success.</summary>
    /// <param name="Latency">How long it took.</param>
    public sealed record Answered(TimeSpan Latency) : Fact;

    /// <summary>A probe's connection was refused: nobody listens there.</summary>
    public sealed record Refused : Fact;

    /// <summary>A probe had no answer in time, or an answer that is no success.</summary>
    /// <param name="Reason">What it met, in words, such as <c>/alive answered 404</c>.</param>
    public sealed record Missed(string Reason) : Fact;

    /// <summary>Nothing but time passed.</summary>
    public sealed record Tick : Fact;
}
