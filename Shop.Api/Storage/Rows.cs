using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>Rows of a read that has begun. Owns its context; to be read once and disposed.</summary>
public sealed class Rows<T> : IAsyncEnumerable<T>, IAsyncDisposable
{
    private readonly ReadSession session;
    private readonly CancellationTokenSource ending;
    private IAsyncEnumerator<T>? rows;
    private bool any;
    private bool disposed;

    private Rows(ReadSession session, CancellationToken streaming)
    {
        this.session = session;
        ending = CancellationTokenSource.CreateLinkedTokenSource(streaming);
    }

    /// <summary>
    /// Reads up to the first row, which <paramref name="opening"/> limits; the rest ends with <paramref
    /// name="streaming"/>.
    /// </summary>
    internal static async Task<Rows<T>> Start(
        ReadSession session,
        Func<ShopContext, IAsyncEnumerable<T>> query,
        CancellationToken opening,
        CancellationToken streaming
    )
    {
        var stream = new Rows<T>(session, streaming);
        try
        {
            stream.any = await session.Run(stream.ReadFirst(query), opening);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private Func<ShopContext, CancellationToken, Task<bool>> ReadFirst(Func<ShopContext, IAsyncEnumerable<T>> query) =>
        async (context, limit) =>
        {
            await using var limited = limit.UnsafeRegister(static stream => ((Rows<T>)stream!).ending.Cancel(), this);
            rows = query(context).GetAsyncEnumerator(ending.Token);
            return await rows.MoveNextAsync();
        };

    /// <inheritdoc/>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            for (var more = any; more; more = await rows!.MoveNextAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return rows!.Current;
            }
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (rows is not null)
        {
            await rows.DisposeAsync();
        }

        await session.DisposeAsync();
        ending.Dispose();
    }
}
