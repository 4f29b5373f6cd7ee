using System.Net;
using System.Net.Http.Headers;
using Predictors.Evaluation;
using Workshop.ServiceDefaults.Identity;
using Workshop.ServiceDefaults.JoinTokens;

namespace Predictors.Membership;

/// <summary>What <c>POST /predictors</c> of the consensus reads.</summary>
/// <param name="Name">Of this instance.</param>
/// <param name="Url">Where it answers.</param>
/// <param name="DeclaredAccuracy">Per network, of its own evaluation.</param>
/// <param name="Protocol"><c>v2</c>: batches may be asked at once.</param>
internal sealed record JoinRequest(
    string Name,
    string Url,
    IReadOnlyDictionary<string, double> DeclaredAccuracy,
    string Protocol
);

/// <summary>Registers this predictor with the consensus, once both are there.</summary>
internal sealed class MembershipHost(
    IConfiguration configuration,
    IHostEnvironment environment,
    EvaluationHost evaluation,
    TimeProvider time,
    ILogger<MembershipHost> logger
) : BackgroundService
{
    /// <summary>One attempt may take so long; the consensus asks us for our evaluation meanwhile.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>With pauses of up to 5 s this is about an hour.</summary>
    private const int MaxAttempts = 720;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (token, address) = (configuration[JoinToken.Key], configuration["Workshop:Address"]);
        if (
            string.IsNullOrEmpty(token)
            || string.IsNullOrEmpty(address)
            || !Uri.TryCreate(configuration["services:consensus:http:0"], UriKind.Absolute, out var consensus)
        )
        {
            LogMessages.StaysAlone(logger);
            return;
        }

        var request = new JoinRequest(
            ServedBy.InstanceName(configuration, environment),
            address,
            await Declare(stoppingToken),
            "v2"
        );
        // Not the workshop's resilient client: the attempts here are the retries.
        using var http = new HttpClient { BaseAddress = consensus, Timeout = AttemptTimeout };
        var pause = FirstPause;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await TryJoin(http, request, token, stoppingToken))
            {
                LogMessages.Joined(logger, request.Name, attempt);
                return;
            }

            await Task.Delay(pause, time, stoppingToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        LogMessages.GaveUpJoining(logger, request.Name, MaxAttempts);
    }

    /// <summary>
    /// What this member's own evaluation says, however long that takes: the claim is what it is slashed by, and cannot be
    /// taken back.
    /// </summary>
    private async Task<Dictionary<string, double>> Declare(CancellationToken ct)
    {
        var scores = await evaluation.Scores.WaitAsync(ct);
        return scores.ToDictionary(score => score.Key, score => score.Value.DeclaredAccuracy(), StringComparer.Ordinal);
    }

    /// <summary>Asks once to join; a name that is taken is ours if the consensus knows it.</summary>
    private async Task<bool> TryJoin(HttpClient http, JoinRequest request, string token, CancellationToken ct)
    {
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/predictors")
            {
                Content = JsonContent.Create(request),
                Headers = { Authorization = new AuthenticationHeaderValue(JoinToken.Scheme, token) },
            };
            using var response = await http.SendAsync(message, ct);
            if (response.IsSuccessStatusCode)
            {
                return true;
            }

            if (response.StatusCode is HttpStatusCode.Conflict)
            {
                using var known = await http.GetAsync(new Uri($"/predictors/{request.Name}", UriKind.Relative), ct);
                return known.IsSuccessStatusCode;
            }

            LogMessages.JoinRefused(logger, request.Name, (int)response.StatusCode);
            return false;
        }
        catch (Exception failure)
            when (failure is HttpRequestException || (failure is TaskCanceledException && !ct.IsCancellationRequested))
        {
            LogMessages.ConsensusAway(logger, failure.Message);
            return false;
        }
    }
}
