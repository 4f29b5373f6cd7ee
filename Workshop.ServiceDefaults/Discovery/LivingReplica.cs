using System.Net;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// Sends to one of several replicas for as long as it answers, then to the next. What was refused at the door is sent again at
/// once; after anything else the caller decides, and its next request goes to the next replica.
/// </summary>
/// <param name="replicas">Their addresses.</param>
/// <param name="inner">Sends.</param>
public sealed class LivingReplica(IReadOnlyList<Uri> replicas, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private int current;

    /// <summary>A handler for one address or several; for one it is the inner one.</summary>
    /// <param name="replicas">Their addresses.</param>
    /// <param name="inner">Sends.</param>
    /// <returns>The handler.</returns>
    public static HttpMessageHandler Of(IReadOnlyList<Uri> replicas, HttpMessageHandler inner)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        return replicas.Count == 1 ? inner : new LivingReplica(replicas, inner);
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var route = request.RequestUri!.PathAndQuery;
        for (var tried = 1; ; tried++)
        {
            var chosen = Volatile.Read(ref current);
            request.RequestUri = new Uri(replicas[chosen], route);
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
                {
                    Leave(chosen);
                }

                return response;
            }
            catch (HttpRequestException refused)
                when (refused.HttpRequestError is HttpRequestError.ConnectionError && tried < replicas.Count)
            {
                Leave(chosen);
            }
            catch (Exception)
            {
                Leave(chosen);
                throw;
            }
        }
    }

    /// <summary>Whoever finds it gone first moves all on, once.</summary>
    private void Leave(int chosen) => Interlocked.CompareExchange(ref current, (chosen + 1) % replicas.Count, chosen);
}
