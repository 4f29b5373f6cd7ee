using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Workshop.ServiceDefaults.Tokens;

namespace Predictors.Membership;

/// <summary>What <c>POST /predictors</c> of the consensus reads.</summary>
/// <param name="Name">Of this instance.</param>
/// <param name="Url">Where it answers.</param>
/// <param name="Protocol"><c>v2</c>: batches may be asked at once.</param>
/// <param name="Key">By which it signs the ledger.</param>
internal sealed record JoinRequest(string Name, string Url, string Protocol, string Key);

/// <summary>A predictor's talk with the consensus about its membership.</summary>
/// <param name="http">Reaches the consensus.</param>
/// <param name="request">The membership as it should be.</param>
/// <param name="token">The operator token, or the join token.</param>
/// <param name="isFounder">It is the operator token, which moves any member.</param>
/// <param name="kept">The member token of an earlier start.</param>
/// <param name="logger">Hears of refusals.</param>
internal sealed class MembershipClient(
    HttpClient http,
    JoinRequest request,
    string token,
    bool isFounder,
    KeptToken kept,
    ILogger logger
)
{
    private const string Exiting = "exiting";

    private const string Left = "left";

    private const string Ejected = "ejected";

    private string? said;

    private string? saidToBeOver;

    /// <summary>Asks once to join.</summary>
    /// <returns>
    /// True once the consensus counts on this member, under a name that may be of an earlier start; false for one that is
    /// leaving, has left or was ejected.
    /// </returns>
    internal async Task<bool> TryJoin(CancellationToken ct)
    {
        try
        {
            using var response = await Send(HttpMethod.Post, "/predictors", request, token, ct);
            if (response.IsSuccessStatusCode)
            {
                kept.Write((await Read<JoinedMember>(response, ct))?.MemberToken);
                return true;
            }

            if (response.StatusCode is HttpStatusCode.Conflict && await IsKnown(ct) is { } known)
            {
                return known;
            }

            var reason = await Reason(response, ct);
            Tell(
                ref said,
                reason,
                () => LogMessages.JoinRefused(logger, request.Name, (int)response.StatusCode, reason)
            );
            return false;
        }
        catch (Exception failure)
            when (failure is HttpRequestException || (failure is TaskCanceledException && !ct.IsCancellationRequested))
        {
            Tell(ref said, failure.Message, () => LogMessages.ConsensusAway(logger, failure.Message));
            return false;
        }
    }

    /// <summary>Says why it is no member yet, where that is not what was said last: attempts are many.</summary>
    private static void Tell(ref string? said, string reason, Action log)
    {
        if (!string.Equals(said, reason, StringComparison.Ordinal))
        {
            said = reason;
            log();
        }
    }

    /// <summary>The consensus's words, those about single members of the request included.</summary>
    private static async Task<string> Reason(HttpResponseMessage response, CancellationToken ct)
    {
        var problem = await Read<Refusal>(response, ct);
        var errors = problem?.Errors?.SelectMany(error => error.Value) ?? [];
        return string.Join(' ', errors.Prepend(problem?.Detail).Where(words => !string.IsNullOrEmpty(words)));
    }

    /// <summary>
    /// A name that is taken is ours. What moved, or has a key at last, says so; of one that is leaving or gone the log says so.
    /// </summary>
    /// <returns>Null where nobody has that name: it was refused for something else.</returns>
    private async Task<bool?> IsKnown(CancellationToken ct)
    {
        var route = $"/predictors/{request.Name}";
        using var answer = await http.GetAsync(new Uri(route, UriKind.Relative), ct);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        var known = await Read<KnownMember>(answer, ct);
        var over = OverBy(known?.State);
        if (over is not null)
        {
            Tell(ref saidToBeOver, over, () => LogMessages.MembershipOver(logger, request.Name, over));
        }

        // One that is leaving is asked until it has left, so it moves like any other.
        var isReached = known?.State is Left or Ejected || await Move(route, known, ct);
        return isReached && over is null;
    }

    /// <summary>Why a member of that state does not count any more; null where it does, or may again.</summary>
    private static string? OverBy(string? state) =>
        state switch
        {
            Exiting => "it is leaving, is asked until it is paid out, and has no influence",
            Left => "it has left, and its name is not admitted again",
            Ejected => "it was ejected for good, and is not asked",
            _ => null,
        };

    /// <summary>Tells the consensus an address or a key that it does not have.</summary>
    /// <returns>Whether it asks this member where it answers.</returns>
    private async Task<bool> Move(string route, KnownMember? known, CancellationToken ct)
    {
        if (!Uri.TryCreate(known?.Url, UriKind.Absolute, out var address))
        {
            return true;
        }

        var isThere = address == new Uri(request.Url);
        var key = known!.Key is null ? request.Key : null;
        if (isThere && key is null)
        {
            return true;
        }

        using var moved = await Send(
            HttpMethod.Patch,
            route,
            new MoveRequest(request.Url, key),
            isFounder ? token : kept.Read() ?? token,
            ct
        );
        if (!moved.IsSuccessStatusCode)
        {
            var (status, url) = ((int)moved.StatusCode, request.Url);
            Tell(ref said, $"{address}", () => LogMessages.MoveRefused(logger, request.Name, address, url, status));
        }

        return isThere || moved.IsSuccessStatusCode;
    }

    private async Task<HttpResponseMessage> Send<T>(
        HttpMethod method,
        string route,
        T body,
        string bearer,
        CancellationToken ct
    )
    {
        using var message = new HttpRequestMessage(method, route)
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new AuthenticationHeaderValue(AccessTokens.Scheme, bearer) },
        };
        return await http.SendAsync(message, ct);
    }

    /// <summary>The body; null where it is not what was expected: the status says enough to go on.</summary>
    private static async Task<T?> Read<T>(HttpResponseMessage response, CancellationToken ct)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is read of an admission.</summary>
    private sealed record JoinedMember(string? MemberToken);

    /// <summary>What is read of a refusal.</summary>
    private sealed record Refusal(string? Detail, IReadOnlyDictionary<string, string[]>? Errors);

    /// <summary>What is read of a member.</summary>
    private sealed record KnownMember(string? Url, string? Key, string? State);

    /// <summary>What <c>PATCH /predictors/{name}</c> reads.</summary>
    private sealed record MoveRequest(string Url, string? Key);
}
