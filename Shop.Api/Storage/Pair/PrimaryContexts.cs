using Microsoft.EntityFrameworkCore;
using Shop.Api.Data;

namespace Shop.Api.Storage.Pair;

/// <summary>Contexts on whichever server is primary.</summary>
/// <param name="pair">Knows which one is.</param>
/// <param name="services">Where logging is found.</param>
internal sealed class PrimaryContexts(DatabasePair pair, IServiceProvider services)
{
    private readonly SourceContexts writes = new(QueryTrackingBehavior.TrackAll, services);

    private readonly SourceContexts reads = new(QueryTrackingBehavior.NoTracking, services);

    /// <summary>A context for writes, once the primary is there.</summary>
    internal async ValueTask<ShopContext> OpenWrite(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return await writes.Create(pair.PrimaryForWrites, ct);
    }

    /// <summary>A context for reads; the caller has waited for the primary.</summary>
    internal Task<ShopContext> OpenRead(CancellationToken ct) => reads.Create(pair.PrimaryForReads, ct);
}
