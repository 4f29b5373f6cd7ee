using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Siege;

/// <summary>
/// What a stranger on this machine can do without a token, at the strength at which it once hurt. Each goes on until it is told
/// to stop, and says what it heard.
/// </summary>
internal static class Attacks
{
    /// <summary>Connections of one attack at most: a client has ports and files of its own to lose.</summary>
    private const int MostConnections = 8000;

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyDictionary<
        string,
        Func<WorkshopProcess, int, CancellationToken, Task<string>>
    > All { get; } =
        new OrderedDictionary<string, Func<WorkshopProcess, int, CancellationToken, Task<string>>>(
            StringComparer.Ordinal
        )
        {
            ["order-bodies-that-drip"] = (workshop, strength, stop) =>
                Hold(workshop.ShopApi1, 32 * strength, Post(workshop.ShopApi1, "/orders"), new('x', 140), stop),
            ["batch-bodies-that-drip"] = (workshop, strength, stop) =>
                Hold(workshop.Consensus, strength, Post(workshop.Consensus, "/iris/batches"), new('x', 140), stop),
            ["long-polls"] = (workshop, strength, stop) =>
                Hold(
                    workshop.Registry,
                    700 * strength,
                    Get(workshop.Registry, "/services/nobody?wait=60s&index=1"),
                    drip: null,
                    stop
                ),
            ["idle-connections"] = (workshop, strength, stop) =>
                Hold(workshop.Consensus, 2000 * strength, request: null, drip: null, stop),
            ["verifications"] = (workshop, strength, stop) =>
                Flood(40 * strength, () => new(HttpMethod.Get, new Uri(workshop.Consensus, "/ledger/verify")), stop),
            ["wrong-tokens"] = (workshop, strength, stop) => Flood(strength, () => WrongToken(workshop), stop),
            ["slow-readers"] = (workshop, strength, stop) =>
                Hold(
                    workshop.Consensus,
                    500 * strength,
                    Get(workshop.Consensus, "/ledger?limit=200"),
                    drip: null,
                    stop
                ),
            ["batches-by-hand"] = (workshop, strength, stop) => Flood(strength, () => Batch(workshop), stop),
            ["questions-of-a-foreign-page"] = (workshop, strength, stop) =>
                Flood(strength, () => ForeignQuestion(workshop), stop),
        };

    private static HttpRequestMessage WrongToken(WorkshopProcess workshop)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Delete,
            new Uri(workshop.Registry, "/services/shop-api/shop-api-1")
        );
        request.Headers.Add("Authorization", "Bearer wrong");
        return request;
    }

    private static HttpRequestMessage Batch(WorkshopProcess workshop) =>
        new(HttpMethod.Post, new Uri(workshop.Consensus, "/iris/batches"))
        {
            Content = new StringContent("""{"size":1}""", Encoding.UTF8, "application/json"),
        };

    private static HttpRequestMessage ForeignQuestion(WorkshopProcess workshop)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(workshop.Consensus, "/predict?" + StubMember.Setosa)
        );
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        return request;
    }

    private static string Get(Uri service, string path) => $"GET {path} HTTP/1.1\r\nHost: {service.Authority}\r\n\r\n";

    private static string Post(Uri service, string path) =>
        $"POST {path} HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n";

    /// <summary>Keeps connections open, reads nothing, and sends a few bytes now and then.</summary>
    private static async Task<string> Hold(
        Uri service,
        int count,
        string? request,
        string? drip,
        CancellationToken stop
    )
    {
        var wanted = Math.Min(count, MostConnections);
        var open = new List<Socket>(wanted);
        var (most, closed, refused) = (0, 0, 0);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                closed += open.RemoveAll(socket => IsClosed(socket));
                for (var left = wanted - open.Count; left > 0 && !stop.IsCancellationRequested; left--)
                {
                    if (await TryOpen(service, request, stop) is { } socket)
                    {
                        open.Add(socket);
                    }
                    else
                    {
                        refused++;
                    }
                }

                most = Math.Max(most, open.Count);
                open.ForEach(socket => Send(socket, drip));
                await Task.Delay(Drip, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{most} connections held at most of {wanted}, {closed} closed by the service, {refused} refused"
        );
    }

    /// <summary>A connection with its request sent; null where the service takes none.</summary>
    private static async Task<Socket?> TryOpen(Uri service, string? request, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, service.Port, stop);
            Send(socket, request);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static void Send(Socket socket, string? text)
    {
        try
        {
            if (text is not null && socket.Connected)
            {
                socket.Send(Encoding.ASCII.GetBytes(text));
            }
        }
        catch (SocketException)
        {
            // Closed meanwhile; counted at the next look.
        }
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            if (socket.Connected && !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0))
            {
                return false;
            }
        }
        catch (SocketException)
        {
            // Reset.
        }

        socket.Dispose();
        return true;
    }

    /// <summary>Sends one request after the other on so many connections.</summary>
    private static async Task<string> Flood(int connections, Func<HttpRequestMessage> next, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var heard = new ConcurrentDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Repeat()));
        return heard.IsEmpty
            ? "nothing"
            : string.Join(", ", heard.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} times {pair.Key}"));

        async Task Repeat()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var request = next();
                    using var answer = await http.SendAsync(request, stop);
                    heard.AddOrUpdate((int)answer.StatusCode, 1, (_, before) => before + 1);
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    // Told to stop, or turned away.
                }
            }
        }
    }
}
