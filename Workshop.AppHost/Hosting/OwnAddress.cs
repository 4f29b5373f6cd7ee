using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Workshop.AppHost.Hosting;

/// <summary>The address at which other machines of the network reach this one.</summary>
internal static class OwnAddress
{
    /// <summary>The addresses of this machine that others can reach, likeliest first: by a way out, then IPv4.</summary>
    internal static IReadOnlyList<IPAddress> All =>
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus is OperationalStatus.Up)
                .Select(card => card.GetIPProperties())
                .OrderByDescending(card => card.GatewayAddresses.Count > 0)
                .SelectMany(card => card.UnicastAddresses.Select(entry => entry.Address))
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .OrderBy(address => address.AddressFamily is not AddressFamily.InterNetwork),
        ];

    /// <summary>The address that a person named, or the likeliest.</summary>
    /// <param name="text">As given; empty to have one chosen.</param>
    /// <exception cref="HostException">It is none of this machine's, or there is none.</exception>
    internal static IPAddress Read(string text)
    {
        var all = All;
        if (text.Length == 0)
        {
            return all is [var first, ..]
                ? first
                : throw WorkshopOptions.Misuse("--lan: this machine has no address that others could reach.");
        }

        return IPAddress.TryParse(text, out var address) && all.Contains(address)
            ? address
            : throw WorkshopOptions.Misuse(
                $"--lan {text}: it is no address of this machine. "
                    + (all.Count == 0 ? "It has none that others could reach." : $"It has {string.Join(", ", all)}.")
            );
    }

    /// <summary>The names under which others may call this machine, as they stand in an address.</summary>
    /// <param name="address">The address that was chosen.</param>
    internal static IReadOnlyList<string> Names(IPAddress address)
    {
        var machine = Dns.GetHostName();
        return [Reached(address, 0).Host, machine, $"{machine}.local"];
    }

    /// <summary>An address with a port, as a service listens on it.</summary>
    internal static string At(IPAddress address, int port) => Reached(address, port).GetLeftPart(UriPartial.Authority);

    private static Uri Reached(IPAddress address, int port) => new UriBuilder("http", $"{address}", port).Uri;
}
