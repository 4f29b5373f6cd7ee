namespace Registry.Leases;

/// <summary>Bounds and paces of the registry; section <c>Registry</c> of the configuration.</summary>
internal sealed record RegistryOptions
{
    /// <summary>Most services that are known at once.</summary>
    public int MaxServices { get; init; } = 128;

    /// <summary>Most instances of one service.</summary>
    public int MaxInstancesPerService { get; init; } = 64;

    /// <summary>Most long polls of strangers that wait at once, and as many of our own services.</summary>
    public int MaxWaiters { get; init; } = 512;

    /// <summary>From the start of one probe of an instance to the start of the next.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a probe waits for its answer. Two missed in a row are out within 1 s of the hang.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(350);

    /// <summary>
    /// How long after its start the registry says of a service that it does not know to ask again: one usual lease.
    /// </summary>
    public TimeSpan NewFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether every bound is one the registry can keep.</summary>
    /// <returns>True when the options may be used.</returns>
    public bool AreValid() =>
        MaxServices > 0
        && MaxInstancesPerService > 0
        && MaxWaiters > 0
        && ProbeInterval > TimeSpan.Zero
        && ProbeTimeout > TimeSpan.Zero
        && NewFor >= TimeSpan.Zero;
}
