using System.Net;
using System.Net.Sockets;

namespace Workshop.Tests.Fixtures;

/// <summary>Stands between clients and a server on loopback.</summary>
internal abstract class Relay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly CancellationTokenSource stop = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int server;
    private readonly Task accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="server">The server's port.</param>
    protected Relay(int server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Where clients connect to, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    /// <summary>Hands on what both sides of a connection send, until one of them ends.</summary>
    protected abstract Task Serve(NetworkStream client, NetworkStream answering, CancellationToken ct);

    /// <summary>Reads one side piece by piece.</summary>
    /// <param name="from">The side.</param>
    /// <param name="to">The other one.</param>
    /// <param name="before">Runs before a piece is handed on.</param>
    /// <param name="ct">Ends it.</param>
    protected static async Task HandOn(
        NetworkStream from,
        NetworkStream to,
        Func<ReadOnlyMemory<byte>, Task> before,
        CancellationToken ct
    )
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, ct) is > 0 and var count)
        {
            await before(buffer.AsMemory(0, count));
            await to.WriteAsync(buffer.AsMemory(0, count), ct);
        }
    }

    private async Task Accept()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(Connect(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Connect(TcpClient client)
    {
        using var accepted = client;
        using var partner = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        await partner.ConnectAsync(IPAddress.Loopback, server, stop.Token);
        await Serve(client.GetStream(), partner.GetStream(), stop.Token);
    }
}
