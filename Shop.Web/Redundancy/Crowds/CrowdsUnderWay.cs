using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Shop.Web.Redundancy.Crowds;

/// <summary>The crowds that are under way in this process.</summary>
internal sealed class CrowdsUnderWay
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> stops = new(StringComparer.Ordinal);

    /// <summary>Sends a crowd, which <see cref="Stop"/> finds as long as the news of it are read.</summary>
    internal async IAsyncEnumerable<CrowdNews> Follow(
        CrowdPlan plan,
        ICrowd crowd,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var stop = new CancellationTokenSource();
        stops[plan.Run] = stop;
        try
        {
            await foreach (var news in crowd.Send(plan, stop.Token, ct))
            {
                yield return news;
            }
        }
        finally
        {
            stops.TryRemove(KeyValuePair.Create(plan.Run, stop));
        }
    }

    internal bool Stop(string run)
    {
        if (!stops.TryGetValue(run, out var stop))
        {
            return false;
        }

        try
        {
            stop.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            // It went home by itself meanwhile.
            return false;
        }
    }
}
