using Microsoft.EntityFrameworkCore;
using Shop.Api.Data;

namespace Shop.Api.Storage.Pair;

/// <summary>Contexts on whichever server of the pair is primary.</summary>
/// <param name="pair">Knows which one is.</param>
/// <param name="services">Where logging is found.</param>
internal sealed class PrimaryContexts(DatabasePair pair, IServiceProvider services)
{
    private readonly IDbContextFactory<ShopContext> writes = ShopDataSources.Contexts(
        pair.PrimaryForWrites,
        QueryTrackingBehavior.TrackAll,
        services
    );

    private readonly IDbContextFactory<ShopContext> reads = ShopDataSources.Contexts(
        pair.PrimaryForReads,
        QueryTrackingBehavior.NoTracking,
        services
    );

    /// <summary>A context for writes, once the primary is there.</summary>
    internal async ValueTask<ShopContext> OpenWrite(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return await writes.CreateDbContextAsync(ct);
    }

    /// <summary>A context for reads; the caller has waited for the primary.</summary>
    internal Task<ShopContext> OpenRead(CancellationToken ct) => reads.CreateDbContextAsync(ct);
}
