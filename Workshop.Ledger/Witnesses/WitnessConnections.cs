using System.Net;
using System.Net.Sockets;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Sockets;

namespace Workshop.Ledger.Witnesses;

/// <summary>
/// Connections to other witnesses, whose addresses are the ledger's word. Each is checked when it is made, after its name was
/// resolved: nobody has this machine asked what is its own, or its host's.
/// </summary>
internal static class WitnessConnections
{
    /// <summary>Makes them.</summary>
    /// <param name="allowsLoopback">Whether the ledger is one of this machine, so that its members may live here.</param>
    internal static SocketsHttpHandler Create(bool allowsLoopback) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would connect where it likes.
            UseProxy = false,
            ConnectCallback = (context, ct) => Connect(context.DnsEndPoint, allowsLoopback, ct),
        };

    private static async ValueTask<Stream> Connect(DnsEndPoint target, bool allowsLoopback, CancellationToken ct)
    {
        var addresses = (await Dns.GetHostAddressesAsync(target.Host, ct))
            .Where(address =>
                !InternalAddresses.Contains(address)
                || (allowsLoopback && IPAddress.IsLoopback(ClientAddress.Plain(address)))
            )
            .ToArray();
        if (addresses.Length == 0)
        {
            throw new HttpRequestException($"{target.Host} is not asked: it names this machine, or its own links.");
        }

        var connected = await TcpConnection.Open(socket => socket.ConnectAsync(addresses, target.Port, ct));
        return new NetworkStream(connected, ownsSocket: true);
    }
}
