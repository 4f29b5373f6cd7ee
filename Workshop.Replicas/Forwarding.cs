using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.Replicas;

/// <summary>A route that writes nothing although its method is not GET: every replica answers it itself.</summary>
internal sealed record AnsweredByEveryReplica;

/// <summary>A route that reads what the leader alone knows.</summary>
internal sealed record AnsweredByTheLeader;

/// <summary>
/// Writes come to the leader wherever they arrive: a caller needs to know one replica that lives. They are passed on once, and
/// wait for a leader while there is none, for as long as an election takes.
/// </summary>
internal sealed class Forwarding(
    ReplicaSelf self,
    ReplicaOptions options,
    MajorityLog log,
    IHttpClientFactory clients,
    TimeProvider time
)
{
    internal const string Client = "replicas-forward";

    /// <summary>Says that a replica passed the request on; the second one does not.</summary>
    internal const string Hop = "Workshop-Forwarded-By";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Of one connection, or of the server that ends it; the origin was looked at here, by this server's name.</summary>
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection",
        "Date",
        "Host",
        "Keep-Alive",
        "Origin",
        "Proxy-Connection",
        "Sec-Fetch-Site",
        "Server",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    };

    /// <summary>Answers here, or by the leader.</summary>
    internal async Task Invoke(HttpContext http, RequestDelegate next)
    {
        await (
            IsTheLeaders(http) ? WholeBodies.Await(http, context => AnswerByTheLeader(context, next), time) : next(http)
        );
    }

    /// <summary>The body is here by then: a fault of it is the caller's, and not that of a leader that went.</summary>
    private async Task AnswerByTheLeader(HttpContext http, RequestDelegate next)
    {
        using var patience = new CancellationTokenSource(ReplicaOptions.LeaderTimeout, time);
        while (!log.IsOpen)
        {
            if (http.Request.Headers.ContainsKey(Hop))
            {
                throw Unavailable("The replicas choose a leader just now; nothing was stored. Ask again.");
            }

            if (self.Leader is { } leader && leader != options.Self && await TryPassOn(http, leader))
            {
                return;
            }

            if (patience.IsCancellationRequested)
            {
                throw Unavailable(
                    "No majority of the replicas answers: what is there can be read, and nothing written. Ask again later."
                );
            }

            await Task.Delay(Pause, time, http.RequestAborted);
        }

        await next(http);
    }

    private static bool IsTheLeaders(HttpContext http) =>
        http.GetEndpoint() is { } route
        && (
            IsRead(http.Request.Method)
                ? route.Metadata.GetMetadata<AnsweredByTheLeader>() is not null
                : route.Metadata.GetMetadata<AnsweredByEveryReplica>() is null
        );

    private static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>Answers by the leader.</summary>
    /// <returns>False where it cannot be reached, and so got nothing.</returns>
    private async Task<bool> TryPassOn(HttpContext http, Uri leader)
    {
        using var message = Copy(http, options.Self, leader);
        using var client = clients.CreateClient(Client);
        try
        {
            using var answer = await client.SendAsync(
                message,
                HttpCompletionOption.ResponseHeadersRead,
                http.RequestAborted
            );
            await Answer(http, answer);
            return true;
        }
        catch (HttpRequestException away) when (away.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return false;
        }
        catch (Exception lost)
            when (!http.Response.HasStarted
                && (
                    lost is HttpRequestException or IOException
                    || (lost is OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
                )
            )
        {
            http.Response.Clear();
            throw Unavailable(
                "The leader went while it worked on this. Whether it was stored is not known: ask again with the same key.",
                lost
            );
        }
    }

    /// <summary>The request as the leader gets it.</summary>
    internal static HttpRequestMessage Copy(HttpContext http, Uri self, Uri leader)
    {
        var request = http.Request;
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method),
            new Uri(leader, $"{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}")
        )
        {
            Content = http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
                ? new ByteArrayContent([])
                : new StreamContent(request.Body),
        };
        foreach (var (name, values) in request.Headers.Where(header => !NotPassedOn.Contains(header.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        message.Headers.TryAddWithoutValidation(Hop, self.Authority);
        if (!http.IsLocal())
        {
            // Or the leader would take a caller of another machine for one of this.
            message.Headers.TryAddWithoutValidation(
                ClientAddress.ForwardedFor,
                http.Connection.RemoteIpAddress?.ToString() ?? "unknown"
            );
        }

        return message;
    }

    private static async Task Answer(HttpContext http, HttpResponseMessage answer)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (
            var (name, values) in answer
                .Headers.Concat(answer.Content.Headers)
                .Where(header => !NotPassedOn.Contains(header.Key))
        )
        {
            http.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static ServiceUnavailableException Unavailable(string words, Exception? lost = null) =>
        new(words, lost) { RetryAfter = RetryAfter };
}
