namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// Slow start, as load balancers call it: an instance that joins others gets few requests at first and, over
/// <see cref="Window"/>, as many as they. Its first requests are its slowest: code that is not yet compiled for speed,
/// sessions and buffers that are not there yet. One that is alone, or was there from the beginning, gets all of its turns.
/// Bounded by the number of instances that the registry gives out.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class SlowStart(TimeProvider time)
{
    /// <summary>From joining to a full share.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>Of its turns an instance that has just joined takes this share.</summary>
    public const double LeastShare = 0.1;

    private readonly Lock gate = new();
    private readonly Dictionary<string, string[]> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Joined> joined = new(StringComparer.Ordinal);

    /// <summary>Notes which instances a service has now.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="instances">Their addresses.</param>
    public void Observe(string service, string[] instances)
    {
        lock (gate)
        {
            var before = known.GetValueOrDefault(service, []);
            if (before.AsSpan().SequenceEqual(instances))
            {
                return;
            }

            known[service] = instances;
            foreach (var gone in before.Except(instances, StringComparer.Ordinal))
            {
                joined.Remove(gone);
            }

            if (before.Intersect(instances, StringComparer.Ordinal).Any())
            {
                foreach (var one in instances.Except(before, StringComparer.Ordinal))
                {
                    joined[one] = new(time.GetTimestamp());
                }
            }
        }
    }

    /// <summary>Whether an instance takes the turn that is its own.</summary>
    /// <param name="instance">Its address.</param>
    /// <returns>False when another one is to take it.</returns>
    public bool Takes(string instance)
    {
        lock (gate)
        {
            if (!joined.TryGetValue(instance, out var one))
            {
                return true;
            }

            var share = LeastShare + (1 - LeastShare) * (time.GetElapsedTime(one.At) / Window);
            if (share >= 1)
            {
                joined.Remove(instance);
                return true;
            }

            // Each turn is worth the share; a whole one is taken.
            one.Credit += share;
            if (one.Credit < 1)
            {
                return false;
            }

            one.Credit -= 1;
            return true;
        }
    }

    private sealed class Joined(long at)
    {
        public long At { get; } = at;

        public double Credit { get; set; }
    }
}
