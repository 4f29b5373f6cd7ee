using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.ServiceDefaults.Loops;
using Workshop.ServiceDefaults.Sockets;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Sockets;

/// <summary>A proxy in a wire: idle it changes nothing, and each of its faults is what it says.</summary>
public sealed class FaultyWireTests : IAsyncDisposable
{
    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private readonly Background background = new(TimeProvider.System, NullLogger<Background>.Instance);

    public FaultyWireTests() => server.Start();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Idle_it_passes_on_bytes_and_who_has_said_all_can_still_listen()
    {
        await using var wire = Wire();
        using var near = await Connect(wire);
        using var far = await server.AcceptSocketAsync(Ct);

        await near.SendAsync("ask"u8.ToArray(), Ct);
        near.Shutdown(SocketShutdown.Send);

        Assert.Equal("ask", await All(far));
        await far.SendAsync("answer"u8.ToArray(), Ct);
        far.Close();
        Assert.Equal("answer", await All(near));
    }

    [Fact]
    public async Task A_target_that_refuses_makes_it_refuse_until_the_target_listens_again()
    {
        var target = (IPEndPoint)server.LocalEndpoint;
        await using var wire = Wire();
        using (var near = await Connect(wire))
        using (var far = await server.AcceptSocketAsync(Ct))
        {
            server.Stop();
            far.Close();
            // The end of the connection is passed on too.
            Assert.Equal("", await All(near));
        }

        await Eventually.Holds(() => IsRefused(wire), Ct);
        using var again = new TcpListener(target);
        again.Start();
        await Eventually.Holds(async () => !await IsRefused(wire), Ct);
    }

    [Fact]
    public async Task Cut_it_passes_nothing_and_tells_nobody_and_mended_all_of_it_arrives()
    {
        await using var wire = Wire();
        using var near = await Connect(wire);
        using var far = await server.AcceptSocketAsync(Ct);

        wire.IsCut = true;
        await near.SendAsync("late"u8.ToArray(), Ct);
        near.Shutdown(SocketShutdown.Send);
        using var stranger = await Connect(wire);
        await Task.Delay(TimeSpan.FromMilliseconds(300), Ct);
        Assert.Equal(0, far.Available);
        Assert.False(server.Pending());

        wire.IsCut = false;
        Assert.Equal("late", await All(far));
        using var arrived = await server.AcceptSocketAsync(Ct);
    }

    [Fact]
    public async Task Broken_its_connections_are_reset_and_new_ones_can_be_made()
    {
        await using var wire = Wire();
        using var near = await Connect(wire);
        using var far = await server.AcceptSocketAsync(Ct);

        wire.Break();

        await Assert.ThrowsAsync<SocketException>(() => All(near));
        await Assert.ThrowsAsync<SocketException>(() => All(far));
        using var next = await Connect(wire);
        using var accepted = await server.AcceptSocketAsync(Ct);
        await next.SendAsync("next"u8.ToArray(), Ct);
        next.Shutdown(SocketShutdown.Send);
        Assert.Equal("next", await All(accepted));
    }

    [Fact]
    public async Task Slow_each_direction_takes_its_time()
    {
        await using var wire = Wire();
        wire.Delay = TimeSpan.FromMilliseconds(150);
        using var near = await Connect(wire);
        using var far = await server.AcceptSocketAsync(Ct);
        var began = Stopwatch.GetTimestamp();

        await near.SendAsync("ask"u8.ToArray(), Ct);
        await far.ReceiveAsync(new byte[8], Ct);
        await far.SendAsync("answer"u8.ToArray(), Ct);
        await near.ReceiveAsync(new byte[8], Ct);

        Assert.True(Stopwatch.GetElapsedTime(began) >= 2 * wire.Delay);
    }

    private FaultyWire Wire() => new(server.LocalEndpoint, TimeProvider.System, background);

    private static async Task<Socket> Connect(FaultyWire wire)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, wire.Port, Ct);
        return socket;
    }

    private static async Task<bool> IsRefused(FaultyWire wire)
    {
        try
        {
            using var socket = await Connect(wire);
            return false;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionRefused)
        {
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            // It stopped listening at this very moment.
            return false;
        }
    }

    private static async Task<string> All(Socket socket)
    {
        var text = new System.Text.StringBuilder();
        var buffer = new byte[64];
        while (await socket.ReceiveAsync(buffer, Ct) is > 0 and var count)
        {
            text.Append(System.Text.Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
