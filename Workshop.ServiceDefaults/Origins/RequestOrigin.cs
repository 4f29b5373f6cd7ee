using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Origins;

/// <summary>
/// A browser is not its user: a page of somebody else, open on this machine, can make it send requests here.
/// Command-line clients and services send none of the headers looked at here but <c>Host</c>. Pure.
/// </summary>
public static class RequestOrigin
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>
    /// Sites from which a browser says that a request comes when a page of ours, or the person, made it.
    /// </summary>
    private static readonly string[] OwnSites = ["", "same-origin", "none"];

    /// <summary>
    /// Whether the request names this service by a name of its own; another one means that a stranger's name was
    /// pointed here.
    /// </summary>
    internal static bool IsKnownHost(HostString host, OriginOptions options) =>
        IsLoopbackName(host) || options.Hosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request names this machine as only this machine can; one without a name does.</summary>
    internal static bool IsLoopbackName(HostString host) =>
        !host.HasValue || Loopback.Contains(host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the request changes nothing, by its method.</summary>
    /// <param name="request">The request.</param>
    public static bool IsRead(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        || HttpMethods.IsHead(request.Method)
        || HttpMethods.IsOptions(request.Method);

    /// <summary>Whether the request changes nothing, or comes from where it may come from.</summary>
    internal static bool MayWrite(HttpRequest request, OriginOptions options)
    {
        if (request.IsRead())
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        if (options.Allowed.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var isOwn =
            origin.Length == 0
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        return isOwn && !request.IsFromAnotherSite();
    }

    /// <summary>Whether a browser says that a page of another site, or of another port here, made the request.</summary>
    /// <param name="request">Its <c>Sec-Fetch-Site</c> is looked at; who sends none is no page.</param>
    public static bool IsFromAnotherSite(this HttpRequest request) =>
        !OwnSites.Contains(request.Headers["Sec-Fetch-Site"].ToString(), StringComparer.OrdinalIgnoreCase);
}
