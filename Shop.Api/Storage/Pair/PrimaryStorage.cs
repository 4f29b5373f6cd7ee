using Shop.Api.Data;
using Shop.Api.Storage.AsynchronousReplication;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// A mode in which everything is the primary's, writes and reads. A client may hold a read token of a time in asynchronous
/// mode, which may come again: the token grows with what its holder writes and sees, as in that mode. A client without one
/// gets none.
/// </summary>
internal abstract class PrimaryStorage(DatabasePair pair, ReadTokens tokens, IServiceProvider services) : IStorageMode
{
    private readonly PrimaryContexts primary = new(pair, services);

    private readonly ReadPositions positions = new(pair, tokens);

    public abstract bool Replicated { get; }

    /// <summary>Whether the client of this request holds a token.</summary>
    protected bool HasToken => tokens.Seen is not null;

    public ValueTask<ShopContext> OpenWrite(CancellationToken ct) => primary.OpenWrite(ct);

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return new(await primary.OpenRead(ct)) { Seen = HasToken ? positions.Note : null };
    }

    public void Acknowledged(CommitPosition position)
    {
        if (HasToken)
        {
            tokens.Add(position);
        }
    }

    public Task Moved => pair.Moved;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) =>
        pair.Recover(error, moved, wait, ct);
}
