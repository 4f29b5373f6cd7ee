using Microsoft.Extensions.Options;

namespace Registry.Leases;

/// <summary>
/// All services and their instances, under one lock. Every change that a client can see gets the next change number
/// and wakes those who wait. Numbers start at the wall clock's milliseconds, so they go on rising over a restart.
/// </summary>
internal sealed partial class ServiceTable(IOptions<RegistryOptions> options, SteadyClock clock)
{
    private readonly RegistryOptions limits = options.Value;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, ServiceEntry> services = new(StringComparer.Ordinal);

    private long lastChange = clock.Now.ToUnixTimeMilliseconds();
    private TaskCompletionSource changed = NewSignal();
    private readonly DateTimeOffset startedAt = clock.Now;

    /// <summary>Of the workshop's own services, which learn of a failover here.</summary>
    private readonly WaitingRoom own = new(options.Value.MaxWaiters);

    /// <summary>Of everybody else, apart: no crowd of theirs ends a poll of ours.</summary>
    private readonly WaitingRoom others = new(options.Value.MaxWaiters);

    /// <summary>
    /// Whether the servers that knew the registry before its start may not have come back yet, or no leader has shown what it
    /// knows: then a service that it does not know may be one that it has forgotten.
    /// </summary>
    public bool IsNew => clock.Now - startedAt < limits.NewFor || (isFollowing && !hasTaken);

    /// <summary>Why an instance cannot register: <c>Full</c> or <c>Reserved</c>; null where it can.</summary>
    public Registration? Refusal(string service, string instance)
    {
        lock (gate)
        {
            return services.GetValueOrDefault(service) is { } entry
                ? entry.IsPublished
                    ? Registration.Reserved
                    : !entry.Instances.ContainsKey(instance) && entry.Instances.Count >= limits.MaxInstancesPerService
                        ? Registration.Full
                        : null
                : services.Count >= limits.MaxServices && FindEmpty() is null
                    ? Registration.Full
                    : null;
        }
    }

    /// <summary>Registers an instance or renews its lease; <c>view</c> is then the instance, or null.</summary>
    public Registration Renew(string service, string instance, string address, TimeSpan ttl, out InstanceView? view)
    {
        lock (gate)
        {
            view = null;
            if (Refusal(service, instance) is { } refusal)
            {
                return refusal;
            }

            if (!services.TryGetValue(service, out var entry))
            {
                if (services.Count >= limits.MaxServices)
                {
                    services.Remove(FindEmpty()!.Name);
                }

                services[service] = entry = new() { Name = service };
            }

            var isNew = entry.Instances.GetValueOrDefault(instance) is null or { Lease.State: InstanceState.Draining };
            Apply(entry, instance, new Fact.Renewed(address, ttl));
            view = entry.Instances[instance].View;
            return isNew ? Registration.Created : Registration.Renewed;
        }
    }

    /// <summary>Takes an instance out at once.</summary>
    /// <returns>False when there is no such instance.</returns>
    public bool Leave(string service, string instance)
    {
        lock (gate)
        {
            if (FindLeased(service, instance) is not { } entry)
            {
                return false;
            }

            Apply(entry, instance, new Fact.Left());
            return true;
        }
    }

    /// <summary>Notes a probe's outcome, unless the instance has moved to another address meanwhile.</summary>
    public void Observe(ProbeTarget target, Fact outcome)
    {
        lock (gate)
        {
            if (
                FindLeased(target.Service, target.Instance) is { } entry
                && string.Equals(
                    entry.Instances[target.Instance].Lease.Address,
                    target.Address,
                    StringComparison.Ordinal
                )
            )
            {
                Apply(entry, target.Instance, outcome);
            }
        }
    }

    /// <summary>Lets time pass: leases run out, what is long gone is forgotten.</summary>
    public void Tick()
    {
        lock (gate)
        {
            if (isFollowing)
            {
                return;
            }

            foreach (var entry in services.Values.Where(entry => !entry.IsPublished))
            {
                foreach (var instance in entry.Instances.Keys.ToArray())
                {
                    Apply(entry, instance, new Fact.Tick());
                }
            }
        }
    }

    /// <summary>
    /// States all instances of a service that has no leases, and wakes those who wait for a change of it.
    /// </summary>
    public void Publish(string service, IReadOnlyList<PublishedInstance> instances)
    {
        lock (gate)
        {
            if (!services.TryGetValue(service, out var entry) || !entry.IsPublished)
            {
                services[service] = entry = new() { Name = service, IsPublished = true };
            }

            if (entry.Publish(instances, lastChange))
            {
                NoteChange(entry);
            }
        }
    }

    /// <summary>The server whose turn it is. A service with roles gives its primary.</summary>
    public Turn Next(string service)
    {
        Tick();
        lock (gate)
        {
            if (!services.TryGetValue(service, out var entry))
            {
                return new Turn.UnknownService(IsNew);
            }

            var candidates = entry.Instances.Values.Where(instance =>
                instance.Metadata.GetValueOrDefault("role") is null or "primary"
            );
            var routable = LeaseMachine.Routable(candidates.Select(instance => instance.Lease));
            return routable.Count == 0
                ? new Turn.NoneAlive([.. entry.Instances.Values.Select(one => $"{one.Lease.Instance}: {WhyNot(one)}")])
                : new Turn.Server(routable[(int)(entry.Turns++ % (uint)routable.Count)].Address);
        }
    }

    /// <summary>Why an instance gets no requests: of a pair it may be alive, and not take writes.</summary>
    private static string WhyNot(ServiceEntry.Entry one) =>
        one.Lease.Reason
        ?? (
            one.Metadata.TryGetValue("role", out var role) && role is not "none"
                ? $"it is the {role}"
                : "it takes no requests"
        );

    /// <summary>One service as it is now, or null.</summary>
    public ServiceView? Find(string service)
    {
        Tick();
        lock (gate)
        {
            return services.TryGetValue(service, out var entry) ? entry.View() : null;
        }
    }

    /// <summary>All services as they are now, in order of their names.</summary>
    public IReadOnlyList<ServiceView> All()
    {
        Tick();
        lock (gate)
        {
            return [.. services.Values.Select(entry => entry.View())];
        }
    }

    /// <summary>Every instance that is to be probed.</summary>
    public IReadOnlyList<ProbeTarget> ProbeTargets()
    {
        lock (gate)
        {
            return
            [
                .. from pair in services
                where !pair.Value.IsPublished
                from instance in pair.Value.Instances.Values
                where instance.Lease.State is not InstanceState.Draining
                select new ProbeTarget(pair.Key, instance.Lease.Instance, instance.Lease.Address),
            ];
        }
    }

    /// <summary>
    /// Waits until the service has changed beyond <paramref name="index"/>, <paramref name="wait"/> is over, or too many
    /// wait. An index that this registry never gave out (its clock was set back before a restart) is answered at once.
    /// </summary>
    /// <param name="service">Its name; one that is not known yet is waited for as well.</param>
    /// <param name="index">The last change that the caller knows of.</param>
    /// <param name="wait">The longest wait.</param>
    /// <param name="isOwn">Whether one of the workshop's own services asks.</param>
    /// <param name="ct">Ends the wait without an answer.</param>
    public async Task<ServiceView?> FindChanged(
        string service,
        long index,
        TimeSpan wait,
        bool isOwn,
        CancellationToken ct
    )
    {
        if (HasChanged(service, index, out _))
        {
            return Find(service);
        }

        var until = clock.Now + wait;
        var room = isOwn ? own : others;
        var place = room.Enter();
        try
        {
            while (
                !HasChanged(service, index, out var next)
                && !place.Wanted.IsCompleted
                && until - clock.Now is var left
                && left > TimeSpan.Zero
            )
            {
                Task either = Task.WhenAny(next, place.Wanted).WaitAsync(left, clock.Time, ct);
                await either.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            room.Leave(place);
        }

        return Find(service);
    }

    private bool HasChanged(string service, long index, out Task next)
    {
        lock (gate)
        {
            next = changed.Task;
            return index > lastChange || services.GetValueOrDefault(service)?.Index > index;
        }
    }

    private ServiceEntry? FindLeased(string service, string instance) =>
        services.TryGetValue(service, out var entry) && !entry.IsPublished && entry.Instances.ContainsKey(instance)
            ? entry
            : null;

    private void Apply(ServiceEntry entry, string instance, Fact fact)
    {
        if (entry.Apply(instance, fact, clock.Now, lastChange))
        {
            NoteChange(entry);
        }
    }

    private void NoteChange(ServiceEntry entry)
    {
        entry.Index = ++lastChange;
        Signal();
    }

    private ServiceEntry? FindEmpty() =>
        services.Values.Where(entry => !entry.IsPublished && entry.Instances.Count == 0).MinBy(entry => entry.Index);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
