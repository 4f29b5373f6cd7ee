using System.Threading.RateLimiting;

namespace Shop.Api.Storage;

/// <summary>
/// So many are at the database at once; the others wait in the order in which they came, for at most half of the
/// time that is left to them. So who gets a turn has as much time left as was waited. Without that bound,
/// when more come than the database can serve, all wait until nobody's answer is in time any more, and every turn goes to
/// work that its client has given up.
/// </summary>
/// <param name="max">How many: each has a connection.</param>
/// <param name="time">The clock of the waits.</param>
public sealed class Turns(int max, TimeProvider time) : IDisposable
{
    /// <summary>Those that wait; those beyond are told to come again.</summary>
    public const int MaxWaiting = 2_000;

    private readonly ConcurrencyLimiter limiter = new(
        new()
        {
            PermitLimit = max,
            QueueLimit = MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <summary>Waits for a turn.</summary>
    /// <param name="left">The time that is left for wait and work together.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The turn, to be disposed when the work has ended.</returns>
    /// <exception cref="StorageUnavailableException">It did not come in half of that time.</exception>
    public async ValueTask<IDisposable> Take(TimeSpan left, CancellationToken ct)
    {
        var atOnce = limiter.AttemptAcquire(1);
        if (atOnce.IsAcquired)
        {
            return atOnce;
        }

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
