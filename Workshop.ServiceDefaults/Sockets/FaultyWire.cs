using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Workshop.ServiceDefaults.Loops;

namespace Workshop.ServiceDefaults.Sockets;

/// <summary>
/// A proxy on loopback that stands in one wire between two parts during an experiment, and can delay, cut or break it. Idle, it
/// passes everything on as it is: bytes, half-closes, closes, and refusals, by not listening itself.
/// </summary>
public sealed class FaultyWire : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>While the other end refuses, it is asked this often whether it is back.</summary>
    private static readonly TimeSpan BetweenKnocks = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentDictionary<Socket, byte> open = [];
    private readonly EndPoint target;
    private readonly Task accepting;
    private readonly TimeProvider time;
    private readonly Background background;
    private TcpListener listener = new(IPAddress.Loopback, 0);
    private volatile TaskCompletionSource mended = Passed();
    private long delayTicks;

    /// <summary>Starts to listen.</summary>
    /// <param name="target">The other end.</param>
    /// <param name="time">Delays by it.</param>
    /// <param name="background">Runs each connection.</param>
    public FaultyWire(EndPoint target, TimeProvider time, Background background)
    {
        (this.target, this.time, this.background) = (target, time, background);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = Accept();
    }

    /// <summary>Where the near end connects to, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>How much longer everything takes, in each direction; zero for not at all.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    /// <summary>Whether nothing passes, and nobody is told: what was sent meanwhile arrives once it is mended.</summary>
    public bool IsCut
    {
        get => !mended.Task.IsCompleted;
        set
        {
            if (!value)
            {
                mended.TrySetResult();
            }
            else if (!IsCut)
            {
                mended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Resets every connection that there is; new ones can be made.</summary>
    public void Break()
    {
        foreach (var socket in open.Keys)
        {
            open.TryRemove(socket, out _);
            Reset(socket);
        }
    }

    /// <summary>Ends the wire and all its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        Break();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private async Task Accept()
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var near = await listener.AcceptSocketAsync(ended.Token);
                background.Once("a connection through a faulty wire", () => Carry(near));
            }
            catch (Exception error) when (error is SocketException or InvalidOperationException)
            {
                // Stopped between two accepts it does not listen, and says so in its own way.
                await UntilAnswered();
            }
        }
    }

    /// <summary>The other end refuses, so this one does not listen either, until it answers again.</summary>
    private async Task UntilAnswered()
    {
        while (!ended.IsCancellationRequested)
        {
            using var knock = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await knock.ConnectAsync(target, ended.Token);
                var again = new TcpListener(IPAddress.Loopback, Port);
                again.Start();
                listener = again;
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(BetweenKnocks, time, ended.Token);
            }
        }
    }

    private async Task Carry(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            open.TryAdd(near, 0);
            open.TryAdd(far, 0);
            try
            {
                await mended.Task.WaitAsync(ended.Token);
                await far.ConnectAsync(target, ended.Token);
                await Task.WhenAll(PassOn(near, far), PassOn(far, near));
            }
            catch (SocketException error)
            {
                Reset(near);
                Reset(far);
                if (error.SocketErrorCode is SocketError.ConnectionRefused)
                {
                    listener.Stop();
                }
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                Reset(near);
                Reset(far);
            }
        }

        // A server that ends its sessions may be gone: whoever asks next is refused at once.
        var isBroken = !(open.TryRemove(near, out _) & open.TryRemove(far, out _));
        if (!isBroken && !IsCut && !await Answers())
        {
            listener.Stop();
        }
    }

    private async Task<bool> Answers()
    {
        using var knock = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await knock.ConnectAsync(target, ended.Token);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>One direction, until its sender has said all; an error ends both.</summary>
    private async Task PassOn(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[BufferBytes];
            while (await from.ReceiveAsync(buffer, ended.Token) is > 0 and var count)
            {
                await Travel();
                for (var sent = 0; sent < count; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ended.Token);
                }
            }

            await Travel();
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Reset(from);
            Reset(to);
            throw;
        }
    }

    private async Task Travel()
    {
        if (Delay is { Ticks: > 0 } delay)
        {
            await Task.Delay(delay, time, ended.Token);
        }

        await mended.Task.WaitAsync(ended.Token);
    }

    /// <summary>Closes so that the other side hears a reset, not a goodbye.</summary>
    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private static TaskCompletionSource Passed()
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        passed.SetResult();
        return passed;
    }
}
