using System.Net.Sockets;

namespace Workshop.Tests.Fixtures;

/// <summary>A line that hands everything on after as long as the test wants; at first at once.</summary>
/// <param name="server">Its other end.</param>
internal sealed class SlowLine(Uri server) : Relay(server.Port)
{
    private long delayTicks;

    /// <summary>Where clients connect to.</summary>
    public Uri Address => new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", Port).Uri;

    /// <summary>How long each piece takes, in either direction.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    protected override Task Serve(NetworkStream client, NetworkStream answering, CancellationToken ct) =>
        Task.WhenAny(Slowly(client, answering, ct), Slowly(answering, client, ct));

    private Task Slowly(NetworkStream from, NetworkStream to, CancellationToken ct) =>
        HandOn(from, to, _ => Task.Delay(Delay, ct), ct);
}
