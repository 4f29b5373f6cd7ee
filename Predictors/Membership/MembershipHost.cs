using Microsoft.Extensions.Diagnostics.HealthChecks;
using Predictors.Models;
using Workshop.Ledger.Witnesses;
using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Health;
using Workshop.ServiceDefaults.Identity;
using Workshop.ServiceDefaults.Tokens;

namespace Predictors.Membership;

/// <summary>
/// Registers this predictor with the consensus, as soon as it can answer. Its evaluation is its claim, which the consensus
/// reads when it is there.
/// </summary>
internal sealed class MembershipHost(
    IConfiguration configuration,
    IHostEnvironment environment,
    PredictorOptions options,
    ModelHost models,
    Lazy<WitnessKey> key,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<MembershipHost> logger
) : BackgroundService, IHealthCheck
{
    /// <summary>One attempt may take so long.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>So long it is not healthy for want of a consensus; after that it serves alone.</summary>
    private static readonly TimeSpan PatienceForHealth = TimeSpan.FromSeconds(10);

    /// <summary>With pauses of up to 5 s this is about an hour.</summary>
    private const int MaxAttempts = 720;

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes when it is registered, need not be, or has tried long enough: whoever waits for this process to be healthy
    /// finds it among the consensus's members.
    /// </summary>
    public Task Settled => _settled.Task;

    /// <summary>Whether it is registered, or need not be. Who is to cheat is honest until then, or is never let in.</summary>
    public bool IsJoined { get; private set; }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            Settled.IsCompleted
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The consensus does not know this member yet.")
        );

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await models.Ready.WaitAsync(stoppingToken);
        // The consensus looks at this member's address while it registers it.
        await lifetime.WaitUntilStarted(stoppingToken);
        var joining = Join(stoppingToken);
        await Task.WhenAny(joining, Task.Delay(PatienceForHealth, time, stoppingToken));
        _settled.SetResult();
        await joining;
    }

    private async Task Join(CancellationToken ct)
    {
        // The operator's own members are the network's founders; anybody else's hold the join token alone.
        var isFounder = configuration[AccessTokens.OperatorKey] is { Length: > 0 };
        var token = configuration[isFounder ? AccessTokens.OperatorKey : AccessTokens.JoinKey];
        var address = configuration["Workshop:Address"];
        if (
            string.IsNullOrEmpty(token)
            || string.IsNullOrEmpty(address)
            || configuration.AddressesOfConsensus() is not [_, ..] consensus
        )
        {
            LogMessages.StaysAlone(logger);
            IsJoined = true;
            return;
        }

        var request = new JoinRequest(
            ServedBy.InstanceName(configuration, environment),
            address,
            "v2",
            key.Value.PublicKey
        );
        // Not the workshop's resilient client: the attempts here are the retries.
        using var http = new HttpClient(LivingReplica.Of(consensus, new HttpClientHandler()))
        {
            BaseAddress = consensus[0],
            Timeout = AttemptTimeout,
        };
        var kept = new KeptToken(options.DataDirectory, logger);
        var membership = new MembershipClient(http, request, token, isFounder, kept, logger);
        var pause = FirstPause;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await membership.TryJoin(ct))
            {
                LogMessages.Joined(logger, request.Name, attempt);
                IsJoined = true;
                return;
            }

            await Task.Delay(pause, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        LogMessages.GaveUpJoining(logger, request.Name, MaxAttempts);
    }
}

/// <summary>Where the consensus is.</summary>
internal static class ConsensusAddresses
{
    /// <summary>Its address, or those of its replicas; empty where none is wired.</summary>
    internal static IReadOnlyList<Uri> AddressesOfConsensus(this IConfiguration configuration) =>
        [
            .. (configuration.GetSection("services:consensus:http").Get<string[]>() ?? [])
                .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null)
                .OfType<Uri>(),
        ];
}
