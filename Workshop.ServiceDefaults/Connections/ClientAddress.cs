using System.Net;
using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Origins;

namespace Workshop.ServiceDefaults.Connections;

/// <summary>Where a request comes from.</summary>
public static class ClientAddress
{
    /// <summary>What proxies and tunnels add; a caller that comes through one on this machine is not of this machine.</summary>
    private static readonly string[] ForwardedBy =
    [
        ForwardedFor,
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Forwarded",
        "Via",
    ];

    /// <summary>Says for whom a request is passed on; a service of ours does so for a visitor of another machine.</summary>
    public const string ForwardedFor = "X-Forwarded-For";

    /// <summary>
    /// Whether the caller is on this machine and speaks for itself: it came over loopback, by a name of loopback, and nobody
    /// passed it on. A caller without an address is in this process.
    /// </summary>
    /// <param name="http">The request.</param>
    public static bool IsLocal(this HttpContext http) =>
        (http.Connection.RemoteIpAddress is not { } address || IsLoopback(address))
        && RequestOrigin.IsLoopbackName(http.Request.Host)
        && !Array.Exists(ForwardedBy, http.Request.Headers.ContainsKey);

    /// <summary>Whether an address is this machine's own, IPv4 within IPv6 included.</summary>
    /// <param name="address">The address.</param>
    internal static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(Plain(address));

    /// <summary>One spelling of an address: IPv4 within IPv6 is IPv4.</summary>
    /// <param name="address">The address.</param>
    public static IPAddress Plain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
