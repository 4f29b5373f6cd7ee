using Npgsql;
using Shop.Api.Storage.AsynchronousReplication;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// A mode in which everything is the primary's, writes and reads. A client may hold a read token of a time in asynchronous
/// mode, which may come again: the token grows with what its holder writes and sees, as in that mode. A client without one
/// gets none.
/// </summary>
internal abstract class PrimaryStorage(DatabasePair pair, ReadTokens tokens) : IStorageMode
{
    private readonly ReadPositions positions = new(pair, tokens);

    public abstract bool Replicated { get; }

    /// <summary>Whether the client of this request holds a token.</summary>
    protected bool HasToken => tokens.Seen is not null;

    public ValueTask<NpgsqlConnection> OpenWrite(CancellationToken ct) => pair.OpenWrite(ct);

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct)
    {
        await pair.PrimaryThere(ct);
        return new(await pair.PrimaryForReads.OpenConnectionAsync(ct)) { Seen = HasToken ? positions.Note : null };
    }

    public void Acknowledged(CommitPosition position)
    {
        if (HasToken)
        {
            tokens.Add(position);
        }
    }

    public Task Moved => pair.Moved;

    public Task Replaced => pair.Replaced;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) =>
        pair.Recover(error, moved, wait, ct);
}
