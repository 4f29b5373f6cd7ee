using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>A context for one read, and what the mode wants done around it.</summary>
/// <param name="context">Owned by the session.</param>
public sealed class ReadSession(ShopContext context) : IAsyncDisposable
{
    /// <summary>Longest time for the read where there is another place to read from; null for none.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Told that the read did not end in <see cref="Limit"/>.</summary>
    public Action? TimedOut { get; init; }

    /// <summary>Awaited once the read has its snapshot; null when there is nothing to do.</summary>
    public Func<CancellationToken, Task>? Seen { get; init; }

    /// <summary>Runs the read, or the part of it up to the first row.</summary>
    /// <param name="read">Reads only.</param>
    /// <param name="ct">Ends the read.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="TimeoutException">It did not end in <see cref="Limit"/>.</exception>
    public async Task<T> Run<T>(Func<ShopContext, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit ?? Timeout.InfiniteTimeSpan);
        T result;
        try
        {
            result = await read(context, limit.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            TimedOut?.Invoke();
            throw new TimeoutException("The replica did not answer in time.", late);
        }

        if (Seen is not null)
        {
            await Seen(ct);
        }

        return result;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => context.DisposeAsync();
}
