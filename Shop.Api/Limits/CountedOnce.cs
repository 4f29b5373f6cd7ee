using System.Threading.RateLimiting;

namespace Shop.Api.Limits;

/// <summary>
/// A limit that counts a request once. Where limits are chained, a write for which a later one has no turn at once is put to
/// all of them a second time, to wait; reads wait for none.
/// </summary>
/// <param name="inner">The limit, whose leases are not given back: tokens. It lives as long as the service.</param>
internal sealed class CountedOnce(PartitionedRateLimiter<HttpContext> inner) : PartitionedRateLimiter<HttpContext>
{
    private static readonly object Counted = new();

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => inner.GetStatistics(resource);

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount)
    {
        var lease = inner.AttemptAcquire(resource, permitCount);
        if (lease.IsAcquired && !HttpMethods.IsGet(resource.Request.Method))
        {
            resource.Items[Counted] = lease;
        }

        return lease;
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource,
        int permitCount,
        CancellationToken cancellationToken
    ) =>
        resource.Items.TryGetValue(Counted, out var lease) && lease is RateLimitLease counted
            ? ValueTask.FromResult(counted)
            : inner.AcquireAsync(resource, permitCount, cancellationToken);
}
