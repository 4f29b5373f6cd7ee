using System.Net;

namespace Shop.Web.Api;

/// <summary>
/// Stands behind the retries and counts the attempts that failed, so that a page can tell a failover from a slow answer.
/// </summary>
internal sealed class AttemptCounter : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<Count> Key = new("Workshop.FailedAttempts");

    /// <summary>Starts to count for <paramref name="request"/>, which may be sent several times.</summary>
    internal static Count Track(HttpRequestMessage request)
    {
        var count = new Count();
        request.Options.Set(Key, count);
        return count;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Options.TryGetValue(Key, out var count);
        try
        {
            var response = await base.SendAsync(request, ct);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway)
            {
                count?.Add();
            }

            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            count?.Add();
            throw;
        }
    }

    /// <summary>Failed attempts of one request.</summary>
    internal sealed class Count
    {
        private int failed;

        internal int Failed => Volatile.Read(ref failed);

        internal void Add() => Interlocked.Increment(ref failed);
    }
}
