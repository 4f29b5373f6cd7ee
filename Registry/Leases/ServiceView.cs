namespace Registry.Leases;

/// <summary>A service as it is shown.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Index">The number of its last change; long polls wait for one beyond it.</param>
/// <param name="Instances">Its instances in order of their names.</param>
internal sealed record ServiceView(string Service, long Index, IReadOnlyList<InstanceView> Instances);

/// <summary>An instance as it is shown.</summary>
/// <param name="Instance">Its name.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="State"><c>live</c>, <c>suspect</c>, <c>dead</c> or <c>draining</c>.</param>
/// <param name="LastHeartbeat">When it last renewed its lease.</param>
/// <param name="LastProbe">When it was last probed.</param>
/// <param name="LatencyMilliseconds">How long its last good probe took.</param>
/// <param name="ChangeNumber">The number of the instance's last change.</param>
/// <param name="Metadata">What its owner says of it, for example its role; empty for most.</param>
/// <param name="Reason">Why no request goes there, in words; null while they do.</param>
internal sealed record InstanceView(
    string Instance,
    string Address,
    string State,
    DateTimeOffset? LastHeartbeat,
    DateTimeOffset? LastProbe,
    double? LatencyMilliseconds,
    long ChangeNumber,
    IReadOnlyDictionary<string, string> Metadata,
    string? Reason
);

/// <summary>
/// An instance that the registry's own conductor states; it has no lease and is not probed over HTTP.
/// </summary>
/// <param name="Instance">Its name.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="State">What the conductor found.</param>
/// <param name="LastProbe">When the conductor last had an answer from it.</param>
/// <param name="Latency">How long that took.</param>
/// <param name="Metadata">For example <c>role</c> and <c>term</c>.</param>
/// <param name="Reason">Why it does not serve, in words; null while it does.</param>
internal sealed record PublishedInstance(
    string Instance,
    string Address,
    InstanceState State,
    DateTimeOffset? LastProbe,
    TimeSpan? Latency,
    IReadOnlyDictionary<string, string> Metadata,
    string? Reason = null
);

/// <summary>What asking for a server of a service gave.</summary>
internal abstract record Turn
{
    private Turn() { }

    /// <summary>The server whose turn it is.</summary>
    /// <param name="Address"><c>host:port</c>.</param>
    public sealed record Server(string Address) : Turn;

    /// <summary>The service is known, but no instance of it is alive.</summary>
    /// <param name="Reasons">Why not, of each, in words.</param>
    public sealed record NoneAlive(IReadOnlyList<string> Reasons) : Turn;

    /// <summary>Nobody ever registered for this service.</summary>
    /// <param name="IsNew">The registry is new: those who know it may not have come back yet.</param>
    public sealed record UnknownService(bool IsNew) : Turn;
}

/// <summary>What became of a registration.</summary>
internal enum Registration
{
    /// <summary>The instance is new.</summary>
    Created,

    /// <summary>Its lease was renewed.</summary>
    Renewed,

    /// <summary>The table is full.</summary>
    Full,

    /// <summary>The service is written by the conductor alone.</summary>
    Reserved,
}

/// <summary>An instance that is to be probed at an address.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Instance">The instance's name.</param>
/// <param name="Address"><c>host:port</c>.</param>
internal sealed record ProbeTarget(string Service, string Instance, string Address);
