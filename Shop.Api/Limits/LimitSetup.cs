using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.Api.WarmUp;
using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Limits;

/// <summary>
/// Two bounds: a token bucket for each client, whose end is 429, and a queue in front of the database for writes, so that
/// a rush of buyers waits its turn instead of running into the storage's time limit; its end, in length or in time, is 503.
/// </summary>
public static class LimitSetup
{
    /// <summary>Tokens come back this often.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private const int PeriodsPerSecond = 10;

    /// <summary>When a client without a time of its own may come again, in seconds.</summary>
    private const int RetryAfterSeconds = 1;

    /// <summary>Nobody waits longer for an answer that may still be no.</summary>
    private static readonly TimeSpan MaxWriteWait = TimeSpan.FromMinutes(1);

    private const string TooLong = "The write waited too long for its turn. Nothing was changed; please try again.";

    /// <summary>Adds the limits, and the warm-up, which they do not count.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddLimits(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<LimitOptions>()
            .BindConfiguration(LimitOptions.Section)
            .Validate(IsValid, $"{LimitOptions.Section}: every number must be at least 10.")
            .Validate(
                options => options.LongestWriteWait > TimeSpan.Zero && options.LongestWriteWait <= MaxWriteWait,
                $"{LimitOptions.Section}: LongestWriteWait is more than zero and at most {MaxWriteWait}."
            )
            .ValidateOnStart();
        builder.AddWarmUp();
        builder.Services.AddTransient<IStartupFilter, LimitHeader>();
        builder.Services.AddRateLimiter(_ => { });
        builder
            .Services.AddOptions<RateLimiterOptions>()
            .Configure<IOptions<LimitOptions>, WarmUpState, TimeProvider>(
                (limiter, limits, warmUp, time) =>
                {
                    limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                        PerClient(limits.Value, warmUp),
                        Writes(limits.Value, time)
                    );
                    limiter.OnRejected = Reject;
                }
            );
    }

    /// <summary>Applies the limits to the routes that follow.</summary>
    /// <param name="app">The application, with its errors set up: a refusal is a problem document.</param>
    public static void UseLimits(this WebApplication app) => app.UseRateLimiter();

    private static bool IsValid(LimitOptions options) =>
        new[]
        {
            options.RequestsPerSecond,
            options.Burst,
            options.LocalRequestsPerSecond,
            options.LocalBurst,
            options.ConcurrentWrites,
            options.WaitingWrites,
        }.All(number => number >= PeriodsPerSecond);

    private static PartitionedRateLimiter<HttpContext> PerClient(LimitOptions limits, WarmUpState warmUp)
    {
        TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) =>
            new()
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond / PeriodsPerSecond,
                ReplenishmentPeriod = Period,
                QueueLimit = 0,
            };

        var local = Bucket(limits.LocalRequestsPerSecond, limits.LocalBurst);
        var remote = Bucket(limits.RequestsPerSecond, limits.Burst);
        return PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
            warmUp.IsOwn(context.Request) ? RateLimitPartition.GetNoLimiter(IPAddress.None)
            : LimitOptions.IsLocal(context) ? RateLimitPartition.GetTokenBucketLimiter(IPAddress.Loopback, _ => local)
            : RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress!, _ => remote)
        );
    }

    private static PartitionedRateLimiter<HttpContext> Writes(LimitOptions limits, TimeProvider time)
    {
        var queue = new ConcurrencyLimiterOptions
        {
            PermitLimit = limits.ConcurrentWrites,
            QueueLimit = limits.WaitingWrites,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };
        return PartitionedRateLimiter.Create<HttpContext, bool>(context =>
            HttpMethods.IsGet(context.Request.Method)
                ? RateLimitPartition.GetNoLimiter(false)
                : RateLimitPartition.Get<bool>(
                    true,
                    _ => new PatientLimiter(new ConcurrencyLimiter(queue), limits.LongestWriteWait, time)
                )
        );
    }

    private static async ValueTask Reject(OnRejectedContext rejected, CancellationToken ct)
    {
        var timed = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var seconds = timed ? Math.Max(RetryAfterSeconds, (int)Math.Ceiling(wait.TotalSeconds)) : RetryAfterSeconds;
        var http = rejected.HttpContext;
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var problem =
            timed ? Problems.Of(StatusCodes.Status429TooManyRequests, "Too many requests from one client.")
            : rejected.Lease is PatientLimiter.WaitedTooLong
                ? Problems.Of(StatusCodes.Status503ServiceUnavailable, TooLong)
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, "Too many writes are waiting already.");
        await problem.ExecuteAsync(http);
    }
}
