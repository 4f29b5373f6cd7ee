using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Workshop.ServiceDefaults.Limits;

namespace Consensus.Limits;

/// <summary>
/// Which requests wait for one another: bounded in number and in time, and apart by what they cost, so that no crowd at one
/// counter closes another.
/// </summary>
internal static class QueueLimits
{
    /// <summary>Questions; more at once would make members late for reasons of ours.</summary>
    internal const string Questions = "questions";

    /// <summary>One batch of a network at a time; some more wait.</summary>
    internal const string Batches = "batches";

    /// <summary>
    /// Answers that are long or cost much to make: a crowd that reads them slowly holds so many of them, and no more. Each
    /// route has places of its own, so that a file that is read for hours keeps nobody from the newest blocks.
    /// </summary>
    internal const string LongAnswers = "long answers";

    /// <summary>Signatures, each of which costs some arithmetic before it is known to be one.</summary>
    internal const string Signatures = "signatures";

    private const int SignaturesAtOnce = 2;

    private const int SignaturesWaiting = 256;

    private const int QuestionsAtOnce = 32;

    private const int QuestionsWaiting = 2048;

    private const int BatchesWaiting = 64;

    private const int LongAnswersAtOnce = 2;

    private const int LongAnswersWaiting = 16;

    /// <summary>
    /// Nobody waits longer for a turn. A batch of another caller takes about 5 s where a member is asked row by row and is
    /// slow, and so does an inference; else a batch takes the members' deadline.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    internal static void AddLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRateLimiter(_ => { });
        builder
            .Services.AddOptions<RateLimiterOptions>()
            .Configure<TimeProvider>(
                (limits, time) =>
                {
                    limits.OnRejected = (rejected, _) => LimitRefusal.Write(rejected, "request");
                    limits.AddPolicy(Questions, _ => Queue("", QuestionsAtOnce, QuestionsWaiting, time));
                    limits.AddPolicy(Batches, http => Queue(RouteOf(http), 1, BatchesWaiting, time));
                    limits.AddPolicy(Signatures, _ => Queue("", SignaturesAtOnce, SignaturesWaiting, time));
                    limits.AddPolicy(
                        LongAnswers,
                        http => Queue(RouteOf(http), LongAnswersAtOnce, LongAnswersWaiting, time)
                    );
                }
            );
    }

    private static RateLimitPartition<string> Queue(string key, int atOnce, int waiting, TimeProvider time) =>
        RateLimitPartition.Get<string>(
            key,
            _ => new PatientLimiter(
                new ConcurrencyLimiter(new() { PermitLimit = atOnce, QueueLimit = waiting }),
                LongestWait,
                time
            )
        );

    /// <summary>The route as we wrote it, however its path is spelled.</summary>
    private static string RouteOf(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
}
