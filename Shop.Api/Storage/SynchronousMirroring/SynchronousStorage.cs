using Shop.Api.Data;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.SynchronousMirroring;

/// <summary>
/// A primary and its standby. A write is acknowledged when both have it on disk: the commit itself waits for the standby.
/// All reads are the primary's.
/// </summary>
internal sealed class SynchronousStorage(DatabasePair pair, IServiceProvider services) : IStorageMode
{
    private readonly PrimaryContexts primary = new(pair, services);

    public bool Replicated => true;

    public ValueTask<ShopContext> OpenWrite(CancellationToken ct) => primary.OpenWrite(ct);

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return new(await primary.OpenRead(ct));
    }

    public void Acknowledged(CommitPosition position) { }

    public Task Moved => pair.Moved;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) =>
        pair.Recover(error, moved, wait, ct);
}
