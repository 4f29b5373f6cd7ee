using System.Net;
using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Connections;

/// <summary>Where a request comes from.</summary>
public static class ClientAddress
{
    /// <summary>Whether the caller is on this machine; a caller without an address is in this process.</summary>
    /// <param name="http">The request.</param>
    public static bool IsLocal(this HttpContext http) =>
        http.Connection.RemoteIpAddress is not { } address || IsLoopback(address);

    /// <summary>Whether an address is this machine's own, IPv4 within IPv6 included.</summary>
    /// <param name="address">The address.</param>
    internal static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
