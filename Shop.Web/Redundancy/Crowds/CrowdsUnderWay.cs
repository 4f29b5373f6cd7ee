using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Shop.Web.Redundancy.Wires;

namespace Shop.Web.Redundancy.Crowds;

/// <summary>The crowds that are under way in this process.</summary>
/// <param name="wires">Theirs.</param>
internal sealed class CrowdsUnderWay(BuyerWires wires)
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
            if (stops.IsEmpty)
            {
                // The storefront that had them put there may be gone.
                await wires.TakeOutAll();
            }
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
