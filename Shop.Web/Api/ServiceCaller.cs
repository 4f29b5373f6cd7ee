using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Polly;
using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Identity;

namespace Shop.Web.Api;

/// <summary>
/// Sends one request to one service and makes every outcome an <see cref="Answer{T}"/>; it never throws for a service.
/// </summary>
/// <param name="http">A client whose base address is the service's name.</param>
/// <param name="trail">Where the page notes who answered.</param>
/// <param name="time">Measures the wait.</param>
/// <param name="logger">Hears of calls without an answer.</param>
internal sealed class ServiceCaller(HttpClient http, Trail trail, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// Our services add members in time; what a reader does not know it leaves aside. What it needs has to be there: a record
    /// without it is an answer that could not be read, and not one that breaks the page which shows it.
    /// </summary>
    internal static readonly JsonSerializerOptions Json = WireJson.Options;

    private const string Replayed = "Idempotency-Replayed";
    private const string TotalCount = "X-Total-Count";

    internal Task<Answer<T>> Get<T>(string path, CancellationToken ct)
        where T : class => Send<T>(HttpMethod.Get, path, body: null, prepare: null, ct);

    internal Task<Answer<T>> Post<T>(string path, object? body, string? idempotencyKey, CancellationToken ct)
        where T : class =>
        Send<T>(
            HttpMethod.Post,
            path,
            body,
            idempotencyKey is null
                ? null
                : request => request.Headers.Add(Rerouting.IdempotencyKeyHeader, idempotencyKey),
            ct
        );

    /// <summary>
    /// For routes that do the same when they are called twice, so that they may be sent to another server.
    /// </summary>
    internal Task<Answer<T>> SendRepeatable<T>(HttpMethod method, string path, object? body, CancellationToken ct)
        where T : class =>
        Send<T>(method, path, body, request => request.Options.Set(Rerouting.IsRepeatableOption, true), ct);

    internal async Task<Answer<T>> Send<T>(
        HttpMethod method,
        string path,
        object? body,
        Action<HttpRequestMessage>? prepare,
        CancellationToken ct
    )
        where T : class
    {
        using var request = new HttpRequestMessage(method, path);
        prepare?.Invoke(request);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        }

        var failed = AttemptCounter.Track(request);
        var start = time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var answer = await Read<T>(response, ct);
            // Only an answer that is of use means that somebody stepped in.
            var steppedIn = answer.Problem is { IsTransient: true } ? 0 : failed.Failed;
            trail.Note(Header(response, ServedBy.Header), time.GetElapsedTime(start), steppedIn);
            // What an earlier attempt of this call did was not there before.
            return answer with { Replayed = answer.Replayed && failed.Failed == 0 };
        }
        catch (JsonException exception)
        {
            LogMessages.UnreadableAnswer(logger, exception, Name, method.Method, path);
            return Failed<T>(StatusCodes.Status502BadGateway, "The service's answer could not be read.");
        }
        catch (Exception exception) when (IsNoAnswer(exception, ct))
        {
            LogMessages.NoAnswer(logger, Name, method.Method, path, exception.Message);
            trail.NoteSilence();
            return Failed<T>(
                StatusCodes.Status503ServiceUnavailable,
                $"{Who} is not answering right now. Try again in a moment."
            );
        }
    }

    private string Name => http.BaseAddress?.Host ?? "service";

    /// <summary>Who is asked, for a person.</summary>
    private string Who =>
        Name switch
        {
            Storefront.StorefrontDefaults.ShopApi => "The shop",
            "consensus" => "The consensus",
            "registry" => "The registry",
            _ => "The server",
        };

    /// <summary>
    /// No connection, no answer in time, an open breaker, or no instance known: nothing that the caller did.
    /// </summary>
    private static bool IsNoAnswer(Exception exception, CancellationToken ct) =>
        exception is HttpRequestException or IOException or ExecutionRejectedException or InvalidOperationException
        || (exception is OperationCanceledException && !ct.IsCancellationRequested);

    private static async Task<Answer<T>> Read<T>(HttpResponseMessage response, CancellationToken ct)
        where T : class
    {
        if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
        {
            return new Answer<T>();
        }

        if (!response.IsSuccessStatusCode)
        {
            return new() { Problem = await ReadProblem(response, ct) };
        }

        return new()
        {
            Value = await response.Content.ReadFromJsonAsync<T>(Json, ct),
            ETag = response.Headers.ETag?.ToString(),
            After = NextCursor(response),
            Total = int.TryParse(Header(response, TotalCount), CultureInfo.InvariantCulture, out var total)
                ? total
                : null,
            Replayed = Header(response, Replayed) is "true",
        };
    }

    private static async Task<ApiProblem> ReadProblem(HttpResponseMessage response, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var fallback = new ApiProblem(status, ReasonPhrases.GetReasonPhrase(status))
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            return fallback;
        }

        var problem = await response.Content.ReadFromJsonAsync<ApiProblem>(Json, ct);
        return problem is null ? fallback : problem with { Status = status, RetryAfter = fallback.RetryAfter };
    }

    private static Answer<T> Failed<T>(int status, string title)
        where T : class => new() { Problem = new(status, title) };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Reads <c>after</c> out of <c>Link: &lt;/products?after=…&gt;; rel="next"</c> (RFC 8288).</summary>
    private static string? NextCursor(HttpResponseMessage response)
    {
        if (Header(response, "Link") is not { } link || !link.Contains("rel=\"next\"", StringComparison.Ordinal))
        {
            return null;
        }

        var query = link.IndexOf('?', StringComparison.Ordinal);
        var end = link.IndexOf('>', StringComparison.Ordinal);
        return query < 0 || end < query ? null
            : QueryHelpers.ParseQuery(link[query..end])["after"].ToString() is { Length: > 0 } after ? after
            : null;
    }
}
