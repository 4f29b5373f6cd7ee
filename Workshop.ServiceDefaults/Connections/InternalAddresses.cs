using System.Net;
using System.Net.Sockets;

namespace Workshop.ServiceDefaults.Connections;

/// <summary>Addresses that mean another server to each machine: a stranger who names one has its reader ask itself.</summary>
public static class InternalAddresses
{
    /// <summary>Where clouds outside 169.254.0.0/16 keep what a machine may know of itself.</summary>
    private static readonly IPAddress[] Metadata =
    [
        IPAddress.Parse("100.100.100.200"),
        IPAddress.Parse("fd00:ec2::254"),
    ];

    /// <summary>Whether an address names this machine, its own links, or the metadata of its host.</summary>
    /// <param name="address">The address.</param>
    public static bool Contains(IPAddress address) =>
        ClientAddress.Plain(address) is var plain
        && (
            IPAddress.IsLoopback(plain)
            || plain.Equals(IPAddress.Any)
            || plain.Equals(IPAddress.IPv6Any)
            || plain.IsIPv6LinkLocal
            || Metadata.Contains(plain)
            || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, ..])
        );
}
