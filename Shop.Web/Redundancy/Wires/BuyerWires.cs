using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Workshop.ServiceDefaults.Loops;
using Workshop.ServiceDefaults.Sockets;

namespace Shop.Web.Redundancy.Wires;

/// <summary>
/// The wires from this process to the shop's servers. Connections go straight there, except during an experiment, when a proxy
/// stands in one of them.
/// </summary>
/// <param name="time">The clock of delays.</param>
/// <param name="background">Runs the connections of a proxy.</param>
public sealed class BuyerWires(TimeProvider time, Background background) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FaultyWire> standing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Connection, string> straight = [];
    private readonly Lock gate = new();

    /// <summary>Has a proxy stand in the wire to a server; connections that went straight there are made anew.</summary>
    /// <param name="server">Its host and port.</param>
    /// <returns>The proxy, which passes everything on unless told otherwise.</returns>
    public FaultyWire Put(DnsEndPoint server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var name = NameOf(server);
        lock (gate)
        {
            if (!standing.TryGetValue(name, out var wire))
            {
                standing[name] = wire = new(server, time, background);
                foreach (
                    var (connection, _) in straight.Where(one =>
                        string.Equals(one.Value, name, StringComparison.Ordinal)
                    )
                )
                {
                    connection.Dispose();
                }
            }

            return wire;
        }
    }

    /// <summary>Takes the proxy out of the wire to a server; connections through it end.</summary>
    /// <param name="server">Its host and port.</param>
    public async Task TakeOut(DnsEndPoint server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (standing.TryRemove(NameOf(server), out var wire))
        {
            await wire.DisposeAsync();
        }
    }

    /// <summary>Takes all proxies out.</summary>
    public async Task TakeOutAll()
    {
        foreach (var server in standing.Keys)
        {
            if (standing.TryRemove(server, out var wire))
            {
                await wire.DisposeAsync();
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await TakeOutAll();

    /// <summary>Connects a client of the shop's servers.</summary>
    internal async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var name = NameOf(context.DnsEndPoint);
        var wire = standing.GetValueOrDefault(name);
        EndPoint end = wire is null ? context.DnsEndPoint : new IPEndPoint(IPAddress.Loopback, wire.Port);
        var connected = await TcpConnection.Open(socket => socket.ConnectAsync(end, ct));
        if (wire is not null)
        {
            return new NetworkStream(connected, ownsSocket: true);
        }

        var connection = new Connection(connected, ended => straight.TryRemove(ended, out _));
        straight[connection] = name;
        return connection;
    }

    /// <summary>A server's host and port as one word.</summary>
    internal static string NameOf(DnsEndPoint server) => FormattableString.Invariant($"{server.Host}:{server.Port}");

    /// <summary>Reads what <see cref="NameOf"/> writes; null for what is not host and port.</summary>
    internal static DnsEndPoint? Read(string? name) =>
        Uri.TryCreate($"http://{name}", UriKind.Absolute, out var uri)
        && uri is { Port: > 0, PathAndQuery: "/" }
        && name!.EndsWith(FormattableString.Invariant($":{uri.Port}"), StringComparison.Ordinal)
            ? new(uri.Host, uri.Port)
            : null;

    private sealed class Connection(Socket socket, Action<Connection> ended) : NetworkStream(socket, ownsSocket: true)
    {
        protected override void Dispose(bool disposing)
        {
            ended(this);
            base.Dispose(disposing);
        }
    }
}
