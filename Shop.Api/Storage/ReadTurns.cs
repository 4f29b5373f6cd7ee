using System.Threading.RateLimiting;

namespace Shop.Api.Storage;

/// <summary>
/// How many reads are at the database at once; the others wait in the order in which they came, for at most half of the
/// time that is left to them. So a read that gets its turn has as much time left as it has waited. Without that bound,
/// when more come than the database can serve, all wait until nobody's answer is in time any more, and every turn goes to a
/// read that its client has given up. A read keeps its turn until it ends, also when nobody waits for it any more.
/// </summary>
/// <param name="time">The clock of the waits.</param>
public sealed class ReadTurns(TimeProvider time) : IDisposable
{
    /// <summary>Reads at a time: each has a connection.</summary>
    public const int Max = ShopDataSources.MaxReadConnections;

    /// <summary>Reads that wait; those beyond are told to come again.</summary>
    public const int MaxWaiting = 2_000;

    private readonly ConcurrencyLimiter limiter = new(
        new()
        {
            PermitLimit = Max,
            QueueLimit = MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <summary>Waits for a turn.</summary>
    /// <param name="left">The time that is left for wait and read together.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The turn, to be disposed when the read has ended.</returns>
    /// <exception cref="StorageUnavailableException">It did not come in half of that time.</exception>
    public async ValueTask<IDisposable> Take(TimeSpan left, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(left / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var lease = await limiter.AcquireAsync(1, either.Token);
            if (lease.IsAcquired)
            {
                return lease;
            }

            lease.Dispose();
            throw new StorageUnavailableException();
        }
        catch (OperationCanceledException tooLong) when (!ct.IsCancellationRequested)
        {
            throw new StorageUnavailableException(tooLong);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();
}
