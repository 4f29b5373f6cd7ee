using System.Net;
using System.Net.Sockets;

namespace Workshop.Tests.Fixtures;

/// <summary>A line between clients and a server on loopback that hands everything on after as long as the test wants.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly CancellationTokenSource stop = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int server;
    private readonly Task accepting;
    private long delayTicks;

    /// <summary>Starts to listen; nothing is delayed yet.</summary>
    /// <param name="server">The server.</param>
    public SlowLine(Uri server)
    {
        this.server = server.Port;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Where clients connect to.</summary>
    public Uri Address => new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port).Uri;

    /// <summary>How long each piece takes, in either direction.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task Accept()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(Serve(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var accepted = client;
        using var partner = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        await partner.ConnectAsync(IPAddress.Loopback, server, stop.Token);
        var (asking, answering) = (client.GetStream(), partner.GetStream());
        await Task.WhenAny(HandOn(asking, answering), HandOn(answering, asking));
    }

    private async Task HandOn(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, stop.Token) is > 0 and var count)
        {
            await Task.Delay(Delay, stop.Token);
            await to.WriteAsync(buffer.AsMemory(0, count), stop.Token);
        }
    }
}
