using Registry.Replicas;

namespace Registry.Leases;

/// <summary>A service as a registry shows it to those that follow it.</summary>
/// <param name="View">What everybody sees.</param>
/// <param name="IsPublished">Whether the conductor states it.</param>
internal sealed record ShownService(ServiceView View, bool IsPublished);

/// <summary>How the table passes from the registry that leads to the others, and to the one that leads next.</summary>
internal sealed partial class ServiceTable
{
    /// <summary>
    /// Change numbers that a new leader passes over: those that the one before it gave out last may not have come here.
    /// </summary>
    private const long UnseenChanges = 1000;

    /// <summary>Whether another registry has the leases, and this one shows what that one saw last.</summary>
    private bool isFollowing;

    private volatile bool hasTaken;

    /// <summary>Whether a leader's table was seen.</summary>
    public bool HasTaken => hasTaken;

    /// <summary>The whole table, once it has changed after <paramref name="index"/> or the wait is over.</summary>
    public async Task<TableView> ShowChanged(long index, TimeSpan wait, CancellationToken ct)
    {
        Task next;
        lock (gate)
        {
            next = index == lastChange ? changed.Task : Task.CompletedTask;
        }

        await next.WaitAsync(wait, clock.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        Tick();
        lock (gate)
        {
            return new(
                lastChange,
                [.. services.Values.Select(entry => new ShownService(entry.View(), entry.IsPublished))]
            );
        }
    }

    /// <summary>Shows what the registry that leads has seen; nothing where this one has the leases.</summary>
    public void Take(TableView seen)
    {
        lock (gate)
        {
            if (!isFollowing)
            {
                return;
            }

            var before = services.ToDictionary(StringComparer.Ordinal);
            services.Clear();
            foreach (var (view, isPublished) in seen.Services)
            {
                var entry = ServiceEntry.Shown(view, isLeased: !isPublished);
                entry.Turns = before.GetValueOrDefault(view.Service)?.Turns ?? 0;
                services[view.Service] = entry;
            }

            hasTaken = true;
            lastChange = seen.Index;
            Signal();
        }
    }

    /// <summary>
    /// Begins to lead. Each lease begins anew: its next heartbeat comes here. A server that was out stays out until it
    /// answers probes.
    /// </summary>
    /// <param name="leases">Those that a majority holds.</param>
    public void Lead(IEnumerable<LeasedInstance> leases)
    {
        lock (gate)
        {
            isFollowing = false;
            lastChange = Math.Max(lastChange, clock.Now.ToUnixTimeMilliseconds()) + UnseenChanges;
            var before = services.ToDictionary(StringComparer.Ordinal);
            foreach (
                var (service, _) in before.Where(entry =>
                    entry.Value is { IsPublished: false } or { IsLeasedElsewhere: true }
                )
            )
            {
                services.Remove(service);
            }

            foreach (var lease in leases)
            {
                if (!services.TryGetValue(lease.Service, out var entry))
                {
                    services[lease.Service] = entry = new() { Name = lease.Service };
                }

                var seen = before.GetValueOrDefault(lease.Service)?.Instances.GetValueOrDefault(lease.Instance);
                entry.TakeOver(lease, seen?.Lease, clock.Now, lastChange);
                NoteChange(entry);
            }
        }
    }

    /// <summary>
    /// Has no leases, or none any more: what was seen last stays shown until another registry leads. No heartbeat comes here, so
    /// that none runs out.
    /// </summary>
    public void Follow()
    {
        lock (gate)
        {
            isFollowing = true;
        }
    }

    /// <summary>Whether the instance has a lease here, even one that ran out.</summary>
    public bool Has(string service, string instance)
    {
        lock (gate)
        {
            return FindLeased(service, instance) is not null;
        }
    }

    /// <summary>Whether a registration would say something that the registry does not know, beyond a heartbeat.</summary>
    public bool IsNews(string service, string instance, string address, TimeSpan ttl)
    {
        lock (gate)
        {
            return FindLeased(service, instance)?.Instances[instance].Lease
                    is not { State: not InstanceState.Draining } known
                || !string.Equals(known.Address, address, StringComparison.Ordinal)
                || known.Ttl != ttl;
        }
    }

    private void Signal()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }
}
