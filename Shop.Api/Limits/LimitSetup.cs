using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.Api.Storage;
using Shop.Api.WarmUp;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Limits;

namespace Shop.Api.Limits;

/// <summary>
/// Two bounds: a token bucket for each client, whose end is 429, and a queue in front of the database for writes, so that
/// a rush of buyers waits its turn instead of running into the storage's time limit; its end, in length or in time, is 503.
/// Who has waited in it as long as a silent database is waited for is told so, and does not wait for it once more.
/// </summary>
public static class LimitSetup
{
    /// <summary>Tokens come back this often.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private const int PeriodsPerSecond = 10;

    /// <summary>Nobody waits longer for an answer that may still be no.</summary>
    private static readonly TimeSpan MaxWriteWait = TimeSpan.FromMinutes(1);

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
            .Configure<IOptions<LimitOptions>, WarmUpState, Silence, TimeProvider>(
                (limiter, limits, warmUp, silence, time) =>
                {
                    limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                        PerClient(limits.Value, warmUp),
                        Writes(limits.Value, silence, time)
                    );
                    limiter.OnRejected = (rejected, _) => LimitRefusal.Write(rejected, "write");
                }
            );
    }

    /// <summary>Applies the limits to the routes that follow.</summary>
    /// <param name="app">The application, with its errors set up: a refusal is a problem document.</param>
    public static void UseLimits(this WebApplication app)
    {
        app.UseWholeBodies();
        app.UseRateLimiter();
    }

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
        return new CountedOnce(
            PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
                warmUp.IsOwn(context.Request) ? RateLimitPartition.GetNoLimiter(IPAddress.None)
                : context.IsLocal() ? RateLimitPartition.GetTokenBucketLimiter(IPAddress.Loopback, _ => local)
                : RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress!, _ => remote)
            )
        );
    }

    private static PartitionedRateLimiter<HttpContext> Writes(LimitOptions limits, Silence silence, TimeProvider time)
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
                    _ => new PatientLimiter(
                        new ConcurrencyLimiter(queue),
                        limits.LongestWriteWait,
                        time,
                        waited => waited >= ShopStorage.RequestLimit && silence.Length >= ShopStorage.RequestLimit
                    )
                )
        );
    }
}
