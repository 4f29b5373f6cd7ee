using System.Threading.RateLimiting;

namespace Workshop.ServiceDefaults.Limits;

/// <summary>
/// A limiter whose queue is waited in for a bounded time. A lease that does not come by then is refused, and its place in
/// the queue is given up: what waits for it has not begun.
/// </summary>
/// <param name="inner">The limiter; disposed with this one.</param>
/// <param name="longest">The longest wait.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="isInVain">
/// Told how long a lease was waited for when it comes; true refuses it, as one that came too late.
/// </param>
public sealed class PatientLimiter(
    RateLimiter inner,
    TimeSpan longest,
    TimeProvider time,
    Func<TimeSpan, bool>? isInVain = null
) : RateLimiter
{
    /// <inheritdoc/>
    public override TimeSpan? IdleDuration => inner.IdleDuration;

    /// <inheritdoc/>
    public override RateLimiterStatistics? GetStatistics() => inner.GetStatistics();

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount) => inner.AttemptAcquire(permitCount);

    /// <inheritdoc/>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(
        int permitCount,
        CancellationToken cancellationToken
    )
    {
        var asked = time.GetTimestamp();
        using var patience = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var lease = await inner.AcquireAsync(permitCount, either.Token);
            if (!lease.IsAcquired || isInVain?.Invoke(time.GetElapsedTime(asked)) is not true)
            {
                return lease;
            }

            lease.Dispose();
            return WaitedTooLong.Lease;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return WaitedTooLong.Lease;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        await inner.DisposeAsync();
        await base.DisposeAsyncCore();
    }

    /// <summary>A refusal after the longest wait; it holds nothing, so one serves all.</summary>
    internal sealed class WaitedTooLong : RateLimitLease
    {
        internal static readonly WaitedTooLong Lease = new();

        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
