using Registry.Replicas;

namespace Registry.Leases;

/// <summary>One service within the table; its owner holds the lock.</summary>
internal sealed class ServiceEntry
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>(
        StringComparer.Ordinal
    );

    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its instances by name.</summary>
    public SortedDictionary<string, Entry> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of its last change.</summary>
    public long Index { get; set; }

    /// <summary>How many servers were given out.</summary>
    public uint Turns { get; set; }

    /// <summary>
    /// Whether the registry's own conductor states the instances, or the registry that leads: nobody else may.
    /// </summary>
    public bool IsPublished { get; init; }

    /// <summary>Whether the registry that leads holds leases of the instances, and this one only shows them.</summary>
    public bool IsLeasedElsewhere { get; private init; }

    /// <summary>Applies one fact to one instance.</summary>
    /// <param name="instance">The instance's name.</param>
    /// <param name="fact">What was seen.</param>
    /// <param name="now">When.</param>
    /// <param name="lastChange">The last change number; a change that a client can see gets the next one.</param>
    /// <returns>Whether a client can see the change.</returns>
    public bool Apply(string instance, Fact fact, DateTimeOffset now, long lastChange)
    {
        var before = Instances.GetValueOrDefault(instance);
        var after = LeaseMachine.Apply(before?.Lease, instance, fact, now);
        if (after is null)
        {
            return Instances.Remove(instance);
        }

        var isVisible = before is null || !IsSame(before.Lease, after);
        Instances[instance] = new(after, isVisible ? lastChange + 1 : before!.ChangeNumber, NoMetadata);
        return isVisible;
    }

    /// <summary>States all instances.</summary>
    /// <param name="instances">The instances; others are gone.</param>
    /// <param name="lastChange">The last change number; all that changes gets the next one.</param>
    /// <returns>Whether a client can see the change.</returns>
    public bool Publish(IReadOnlyList<PublishedInstance> instances, long lastChange)
    {
        var gone = Instances
            .Keys.Except(instances.Select(instance => instance.Instance), StringComparer.Ordinal)
            .ToArray();
        Array.ForEach(gone, name => Instances.Remove(name));
        var isVisible = gone.Length > 0;
        foreach (var instance in instances)
        {
            var before = Instances.GetValueOrDefault(instance.Instance);
            var lease = new Lease(instance.Instance, instance.Address, TimeSpan.MaxValue, default, instance.State)
            {
                LastProbe = instance.LastProbe,
                Latency = instance.Latency,
                Reason = instance.Reason,
            };
            var isSame =
                before is not null && IsSame(before.Lease, lease) && IsSame(before.Metadata, instance.Metadata);
            isVisible |= !isSame;
            Instances[instance.Instance] = new(
                lease,
                isSame ? before!.ChangeNumber : lastChange + 1,
                instance.Metadata
            );
        }

        return isVisible;
    }

    /// <summary>A service as another registry shows it.</summary>
    public static ServiceEntry Shown(ServiceView view, bool isLeased)
    {
        var entry = new ServiceEntry
        {
            Name = view.Service,
            Index = view.Index,
            IsPublished = true,
            IsLeasedElsewhere = isLeased,
        };
        foreach (var one in view.Instances)
        {
            var state = Enum.Parse<InstanceState>(one.State, ignoreCase: true);
            var lease = new Lease(one.Instance, one.Address, TimeSpan.MaxValue, one.LastHeartbeat ?? default, state)
            {
                LastProbe = one.LastProbe,
                Latency = one.LatencyMilliseconds is { } latency ? TimeSpan.FromMilliseconds(latency) : null,
                Reason = one.Reason,
            };
            entry.Instances[one.Instance] = new(lease, one.ChangeNumber, one.Metadata);
        }

        return entry;
    }

    /// <summary>An instance whose lease this registry keeps from now on.</summary>
    /// <param name="leased">What a majority holds.</param>
    /// <param name="seen">How it was shown here before; null where it was not.</param>
    /// <param name="now">When.</param>
    /// <param name="lastChange">The last change number; this is the next one.</param>
    public void TakeOver(LeasedInstance leased, Lease? seen, DateTimeOffset now, long lastChange)
    {
        var isSame = seen is not null && string.Equals(seen.Address, leased.Address, StringComparison.Ordinal);
        var state = isSame ? seen!.State : InstanceState.Live;
        var lease = new Lease(leased.Instance, leased.Address, leased.Ttl, now, state)
        {
            MissedProbes = state is InstanceState.Dead ? LeaseMachine.MissesToDie : 0,
            LastProbe = isSame ? seen!.LastProbe : null,
            Latency = isSame ? seen!.Latency : null,
            Reason = isSame ? seen!.Reason : null,
        };
        Instances[leased.Instance] = new(lease, lastChange + 1, NoMetadata);
    }

    /// <summary>The service as it is shown.</summary>
    public ServiceView View() => new(Name, Index, [.. Instances.Values.Select(entry => entry.View)]);

    private static bool IsSame(Lease before, Lease after) =>
        before.State == after.State && string.Equals(before.Address, after.Address, StringComparison.Ordinal);

    private static bool IsSame(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Count == after.Count
        && after.All(pair =>
            before.TryGetValue(pair.Key, out var value) && string.Equals(value, pair.Value, StringComparison.Ordinal)
        );

    /// <summary>One instance of the service.</summary>
    /// <param name="Lease">Its lease, or what the conductor states in the form of one.</param>
    /// <param name="ChangeNumber">The number of its last change.</param>
    /// <param name="Metadata">What its owner says of it.</param>
    internal sealed record Entry(Lease Lease, long ChangeNumber, IReadOnlyDictionary<string, string> Metadata)
    {
        /// <summary>The instance as it is shown.</summary>
        public InstanceView View =>
            new(
                Lease.Instance,
                Lease.Address,
                Lease.State.ToString().ToLowerInvariant(),
                Lease.RenewedAt == default ? Lease.LastProbe : Lease.RenewedAt,
                Lease.LastProbe,
                Lease.Latency?.TotalMilliseconds,
                ChangeNumber,
                Metadata,
                Lease.Reason
            );
    }
}
