using System.Collections.Concurrent;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// Remembers for a moment which instances broke a connection: the next requests go elsewhere at once, before the registry
/// has noticed. Bounded by the number of addresses that the registry ever gave out.
/// </summary>
internal sealed class InstanceAvoidance(TimeProvider time)
{
    /// <summary>Long enough for the registry to notice (300 ms), short enough for a restarted instance.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> brokenAt = new(StringComparer.Ordinal);

    internal void Avoid(string address) => brokenAt[address] = time.GetTimestamp();

    internal void Trust(string address) => brokenAt.TryRemove(address, out _);

    internal bool IsAvoided(string address) =>
        brokenAt.TryGetValue(address, out var since) && time.GetElapsedTime(since) < Duration;
}
