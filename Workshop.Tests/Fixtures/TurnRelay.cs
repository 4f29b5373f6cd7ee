using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Workshop.Tests.Fixtures;

/// <summary>
/// Stands between clients and a server on loopback, hands everything on, and keeps what the clients said, turn by turn: all
/// that a client sends between two answers is one turn, so turns are round trips.
/// </summary>
internal sealed class TurnRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly CancellationTokenSource stop = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Lock gate = new();
    private readonly List<List<StringBuilder>> sessions = [];
    private readonly int server;
    private readonly Task accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="server">The server's port.</param>
    public TurnRelay(int server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Where clients connect to, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The turns of each session so far, as Latin-1.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Sessions
    {
        get
        {
            lock (gate)
            {
                return [.. sessions.Select(turns => turns.Select(turn => turn.ToString()).ToArray())];
            }
        }
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
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        client.NoDelay = true;
        await partner.ConnectAsync(IPAddress.Loopback, server, stop.Token);
        var asking = client.GetStream();
        var answering = partner.GetStream();
        var turns = new List<StringBuilder>();
        lock (gate)
        {
            sessions.Add(turns);
        }

        var answered = true;
        await Task.WhenAll(
            Pump(
                asking,
                answering,
                bytes =>
                {
                    if (answered)
                    {
                        turns.Add(new());
                        answered = false;
                    }

                    turns[^1].Append(Encoding.Latin1.GetString(bytes));
                },
                ended
            ),
            Pump(answering, asking, _ => answered = true, ended)
        );
    }

    /// <summary>Whoever ends the session ends it for both.</summary>
    private async Task Pump(
        NetworkStream from,
        NetworkStream to,
        Action<ReadOnlySpan<byte>> note,
        CancellationTokenSource ended
    )
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReadAsync(buffer, ended.Token) is > 0 and var count)
            {
                lock (gate)
                {
                    note(buffer.AsSpan(0, count));
                }

                await to.WriteAsync(buffer.AsMemory(0, count), ended.Token);
            }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }
}
