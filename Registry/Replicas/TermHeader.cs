using System.Globalization;
using Workshop.Replicas;

namespace Registry.Replicas;

/// <summary>
/// Tells the host in which term this registry leads, and asks for nothing once another may lead: what a registry that was held up
/// still sends, the host refuses.
/// </summary>
internal sealed class TermHeader(MajorityLog log) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private const string Header = "Workshop-Term";

    /// <summary>Sends it in this registry's term.</summary>
    /// <exception cref="HttpRequestException">This registry's lease is over.</exception>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (!log.HoldsLease)
        {
            throw new HttpRequestException("Another registry may lead by now; this one asks for nothing.");
        }

        request.Headers.Add(Header, log.Term.ToString(CultureInfo.InvariantCulture));
        return base.SendAsync(request, cancellationToken);
    }
}
