using System.Net.Sockets;

namespace Workshop.ServiceDefaults.Sockets;

/// <summary>Connections of clients that choose themselves where, or how, they connect.</summary>
public static class TcpConnection
{
    /// <summary>Makes one that sends small messages at once; where that fails nothing stays open.</summary>
    /// <param name="connect">Connects the socket.</param>
    /// <returns>The socket, connected.</returns>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async ValueTask<Socket> Open(Func<Socket, ValueTask> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connect(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
