using Microsoft.EntityFrameworkCore;
using Shop.Api.Data;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.SynchronousMirroring;

/// <summary>
/// A primary and its standby. A write is acknowledged when both have it on disk: the commit itself waits for the standby.
/// All reads are the primary's.
/// </summary>
internal sealed class SynchronousStorage(DatabasePair pair, IServiceProvider services) : IStorageMode
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

    public bool Replicated => true;

    public async ValueTask<ShopContext> OpenWrite(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return await writes.CreateDbContextAsync(ct);
    }

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return new(await reads.CreateDbContextAsync(ct));
    }

    public void Acknowledged(CommitPosition position) { }

    public Task Moved => pair.Moved;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) =>
        pair.Recover(error, moved, wait, ct);
}
