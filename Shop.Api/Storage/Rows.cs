using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>Rows of a read that has begun. Owns its context; to be read once and disposed.</summary>
public sealed class Rows<T> : IAsyncEnumerable<T>, IAsyncDisposable
{
    private readonly ShopContext context;
    private readonly IAsyncEnumerator<T> rows;
    private readonly bool any;
    private bool disposed;

    private Rows(ShopContext context, IAsyncEnumerator<T> rows, bool any)
    {
        this.context = context;
        this.rows = rows;
        this.any = any;
    }

    /// <summary>Opens a context and reads the first row.</summary>
    internal static async Task<Rows<T>> Start(
        IStorageMode mode,
        Func<ShopContext, IAsyncEnumerable<T>> query,
        CancellationToken opening,
        CancellationToken streaming
    )
    {
        var shop = await mode.OpenRead(opening);
        try
        {
            var found = query(shop).GetAsyncEnumerator(streaming);
            return new(shop, found, await found.MoveNextAsync());
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            for (var more = any; more; more = await rows.MoveNextAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return rows.Current;
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
        await rows.DisposeAsync();
        await context.DisposeAsync();
    }
}
