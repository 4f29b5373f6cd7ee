using DotNext.Net.Cluster.Consensus.Raft.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults.Health;
using Workshop.ServiceDefaults.Json;
using Workshop.ServiceDefaults.Loops;

namespace Workshop.Replicas;

/// <summary>
/// How a replica comes in. One with other rules than the others ends. One that is empty may have lost its disk, and with it votes
/// that it gave: it takes part when it has what the leader has, or when all others say that nothing has begun yet.
/// </summary>
internal sealed class ReplicaStart(
    ReplicaOptions options,
    ReplicaSelf self,
    IReplicated state,
    DurableLog log,
    IStandbyModeSupport cluster,
    IHttpClientFactory clients,
    ServiceEnding ending,
    Background background,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ReplicaStart> logger
) : BackgroundService
{
    internal const string Client = "replicas-look";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private volatile bool mayVote = !log.IsBlank;

    /// <summary>Whether this replica answers who asks for its vote.</summary>
    internal bool MayVote => mayVote;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("replica's start", Begin, stoppingToken);

    private async Task Begin(CancellationToken ct)
    {
        await lifetime.WaitUntilStarted(ct);
        if (cluster.Standby)
        {
            LogMessages.IsNew(logger);
        }

        while (true)
        {
            var others = await Task.WhenAll(options.Others.Select(other => Look(other, ct)));
            ct.ThrowIfCancellationRequested();
            if (Array.Find(others, other => other is not null && !Same(other.Rules, state.Rules)) is { } stranger)
            {
                ending.End(
                    $"The replica at {stranger.Address} works by the rules {stranger.Rules}, and this one by {state.Rules}: "
                        + "all replicas need one program and one configuration. Stop all of them, then start all."
                );
                return;
            }

            if (!cluster.Standby || await MayTakePart(others))
            {
                Vote();
                await cluster.RevertToNormalModeAsync(ct);
                LogMessages.TakesPart(logger);
                return;
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>From now on, also after a restart.</summary>
    private void Vote()
    {
        log.TakesPart();
        mayVote = true;
    }

    private ValueTask<bool> MayTakePart(ReplicaView?[] others)
    {
        var own = self.View();
        if (Array.TrueForAll(others, other => other is { LastIndex: 0 }))
        {
            // The first start of all: whoever has most, perhaps of a time before there were replicas, leads. No vote was lost,
            // for none was given.
            Vote();
            return new(Array.TrueForAll(others, other => other!.Extent <= own.Extent));
        }

        return new(
            Array.Exists(
                others,
                other =>
                    other is { Role: "leader" }
                    && own.CommitIndex >= other.CommitIndex
                    && own.Extent >= other.Extent
                    && own.LastIndex > 0
            )
        );
    }

    private async Task<ReplicaView?> Look(Uri other, CancellationToken ct)
    {
        using var http = clients.CreateClient(Client);
        return await http.TryGetJson<ReplicaView>(new Uri(other, ReplicaGate.LookPath), ct);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
}
