using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;
using Workshop.ServiceDefaults.Loops;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// Sends each request to an instance of the service that its address names, in turn, and tries it on another one when
/// the first is lost. What is tried again:
/// <list type="bullet">
/// <item>any request whose connection was refused: it never arrived;</item>
/// <item>a repeatable one (<see cref="Rerouting.IsRepeatable"/>) also after a broken connection, no answer in time, 502
/// or 503, 409 with <c>Retry-After</c> (what it asked for before is still under way, perhaps on the instance that was lost),
/// and when the registry takes the instance out while the answer is awaited.</item>
/// </list>
/// Every instance is tried before a pause is made. When the bounds are reached the last answer or error is the caller's.
/// </summary>
internal sealed class ReroutingHandler(
    ServiceEndpointResolver resolver,
    InstanceAvoidance avoidance,
    SlowStart slowStart,
    Background background,
    TimeProvider time,
    ILogger<ReroutingHandler> logger,
    ReroutingOptions options
) : DelegatingHandler
{
    private const string EventStream = "text/event-stream";

    private int turns;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var service = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var isRepeatable = Rerouting.IsRepeatable(request);
        if (isRepeatable && request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(options.MaxRequestBytes, cancellationToken);
        }

        using var total = new CancellationTokenSource(options.TotalTimeout, time);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, total.Token);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var pause = options.FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var source = await resolver.GetEndpointsAsync(Name(service), budget.Token);
            var instances = Origins(source, service);
            slowStart.Observe(Name(service), instances);
            var instance = Choose(instances, tried);
            tried.Add(instance);
            using var leaving = WatchForLeaving(isRepeatable ? source : null, service, instance);
            var outcome = await Attempt(request, service, instance, cancellationToken, budget.Token, leaving.Gone);
            if (!outcome.MayRepeat(isRepeatable) || attempt >= options.MaxAttempts)
            {
                return outcome.Unwrap();
            }

            LogMessages.TriedAgain(logger, request.Method.Method, service.AbsolutePath, instance, outcome.Reason);
            if (instances.All(tried.Contains))
            {
                // All are lost or busy just now: whoever is first to come back is tried again.
                tried.Clear();
                await Task.Delay(pause, time, budget.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < options.MaxPause ? pause * 2 : options.MaxPause;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (total.IsCancellationRequested)
            {
                return outcome.Unwrap();
            }

            outcome.Response?.Dispose();
        }
    }

    private static string Name(Uri service) => service.GetLeftPart(UriPartial.Authority);

    private static string[] Origins(ServiceEndpointSource source, Uri service) =>
        [.. source.Endpoints.Select(endpoint => Origin(endpoint.EndPoint, service))];

    /// <summary>An endpoint as scheme, host and port, for example <c>http://localhost:3001</c>.</summary>
    private static string Origin(EndPoint endpoint, Uri service)
    {
        var scheme = service.Scheme is "https" ? "https" : "http";
        return endpoint switch
        {
            DnsEndPoint { Port: 0 } dns => $"{scheme}://{dns.Host}:{service.Port}",
            DnsEndPoint dns => $"{scheme}://{dns.Host}:{dns.Port}",
            IPEndPoint ip => $"{scheme}://{ip}",
            // The configuration's own provider gives URLs.
            _ => new Uri(endpoint.ToString()!).GetLeftPart(UriPartial.Authority),
        };
    }

    /// <summary>
    /// The next in turn among those neither tried nor avoided; else among those not tried. One that has just joined leaves
    /// some of its turns to the one behind it.
    /// </summary>
    private string Choose(string[] instances, HashSet<string> tried)
    {
        var untried = Array.FindAll(instances, instance => !tried.Contains(instance));
        var candidates = untried.Length > 0 ? untried : instances;
        var good = Array.FindAll(candidates, instance => !avoidance.IsAvoided(instance));
        candidates = good.Length > 0 ? good : candidates;
        if (candidates.Length == 0)
        {
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "The service has no instance.");
        }

        var turn = (uint)Interlocked.Increment(ref turns);
        var instance = candidates[turn % (uint)candidates.Length];
        return candidates.Length == 1 || slowStart.Takes(instance)
            ? instance
            : candidates[(turn + 1) % (uint)candidates.Length];
    }

    private LeavingWatch WatchForLeaving(ServiceEndpointSource? source, Uri service, string instance) =>
        new(
            source?.ChangeToken,
            async ct =>
                await resolver.GetEndpointsAsync(Name(service), ct) is var now
                && Origins(now, service).Contains(instance, StringComparer.Ordinal)
                    ? now.ChangeToken
                    : null,
            options.LeftInstanceGrace,
            background
        );

    private async Task<Outcome> Attempt(
        HttpRequestMessage request,
        Uri service,
        string instance,
        CancellationToken caller,
        CancellationToken budget,
        CancellationToken gone
    )
    {
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(budget, timeout.Token, gone);
        request.RequestUri = new Uri(new Uri(instance), service.PathAndQuery);
        try
        {
            var response = await base.SendAsync(request, attempt.Token);
            if (response.Content.Headers.ContentType?.MediaType is not EventStream)
            {
                // The body is part of the answer: a server that dies while it writes is lost, too.
                await response.Content.LoadIntoBufferAsync(options.MaxResponseBytes, attempt.Token);
            }

            avoidance.Trust(instance);
            return new(response, null);
        }
        catch (HttpRequestException error)
        {
            avoidance.Avoid(instance);
            return new(null, error);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            avoidance.Avoid(instance);
            return new(null, new HttpRequestException($"{instance} did not answer in time."));
        }
        finally
        {
            request.RequestUri = service;
        }
    }

    /// <summary>How one attempt ended: one of the two is null.</summary>
    private sealed record Outcome(HttpResponseMessage? Response, HttpRequestException? Error)
    {
        /// <summary>
        /// The request never arrived, or nothing is lost by sending it again and something may be won.
        /// </summary>
        public bool MayRepeat(bool isRepeatable) =>
            Error?.HttpRequestError switch
            {
                null => isRepeatable && IsPassing,
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => true,
                HttpRequestError.ConfigurationLimitExceeded => false,
                _ => isRepeatable,
            };

        private bool IsPassing =>
            Response?.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            || Response is { StatusCode: HttpStatusCode.Conflict, Headers.RetryAfter: not null };

        public string Reason => Error?.Message ?? $"status {(int)Response!.StatusCode}";

        /// <summary>What the caller gets.</summary>
        /// <exception cref="HttpRequestException">There was no answer.</exception>
        public HttpResponseMessage Unwrap() => Response ?? throw Error!;
    }
}
