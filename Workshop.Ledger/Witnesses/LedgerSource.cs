using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Sockets;

namespace Workshop.Ledger.Witnesses;

/// <summary>What a consensus shows at a height.</summary>
/// <param name="Blocks">How many it has in all.</param>
/// <param name="Hash">Of the block; null where it has none.</param>
/// <param name="Line">The block; null where it has none.</param>
internal sealed record ShownBlock(long Blocks, string? Hash, string? Line);

/// <summary>What a consensus says of a signature.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Detail">Why not, in words.</param>
internal sealed record Reception(int Status, string? Detail);

/// <summary>A consensus, as one who follows its ledger sees it.</summary>
/// <param name="http">Has its address.</param>
internal sealed class LedgerSource(HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan SilenceBeforeProbe = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(10);

    private const int Probes = 3;

    /// <summary>A client whose silent connections end when their other end is gone.</summary>
    internal static HttpClient Client(params IReadOnlyList<Uri> replicas)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = Connect,
            ConnectTimeout = Patience,
        };
        return new(LivingReplica.Of(replicas, handler))
        {
            BaseAddress = replicas[0],
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The block at a height.</summary>
    /// <exception cref="HttpRequestException">No answer, or none of a ledger.</exception>
    internal Task<ShownBlock> Look(long height, CancellationToken ct) =>
        InTime(
            async limited =>
            {
                var route = string.Create(CultureInfo.InvariantCulture, $"/ledger?from={height}&limit=1");
                using var response = await http.GetAsync(new Uri(route, UriKind.Relative), limited);
                response.EnsureSuccessStatusCode();
                return Read(await response.Content.ReadFromJsonAsync<JsonElement>(limited), height);
            },
            ct
        );

    /// <summary>The lines from a height on, and all that come.</summary>
    /// <exception cref="HttpRequestException">No answer, or a refusal.</exception>
    internal async Task<HttpResponseMessage> Stream(long from, CancellationToken ct)
    {
        var route = string.Create(CultureInfo.InvariantCulture, $"/ledger/stream?from={from}");
        var response = await InTime(
            limited =>
                http.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, limited),
            ct
        );
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var status = response.StatusCode;
        response.Dispose();
        throw new HttpRequestException($"The ledger's stream answered {(int)status}.", null, status);
    }

    /// <summary>Hands in a signature.</summary>
    /// <exception cref="HttpRequestException">No answer.</exception>
    internal Task<Reception> Tell(string name, SignedCheckpoint signed, string? block, CancellationToken ct) =>
        InTime(
            async limited =>
            {
                var (checkpoint, signature) = signed;
                var body = new Telling(name, checkpoint.Height, checkpoint.Hash, signature, block);
                var route = new Uri("/ledger/witnesses", UriKind.Relative);
                using var response = await http.PostAsJsonAsync(route, body, limited);
                return new Reception(
                    (int)response.StatusCode,
                    response.IsSuccessStatusCode ? null : await DetailOf(response, limited)
                );
            },
            ct
        );

    private static async Task<string?> DetailOf(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            return problem.TryGetProperty("detail", out var detail) ? detail.ToString() : null;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ShownBlock Read(JsonElement ledger, long height)
    {
        try
        {
            var blocks = ledger.GetProperty("blocks").GetInt64();
            var recent = ledger.GetProperty("recent");
            return height >= blocks || recent.GetArrayLength() == 0
                ? new(Math.Min(blocks, height), null, null)
                : new(blocks, recent[0].GetProperty("hash").GetString(), recent[0].GetRawText());
        }
        catch (Exception bad) when (bad is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new HttpRequestException("What answers there shows no ledger.", bad);
        }
    }

    /// <summary>What does not come in time is no answer.</summary>
    private static async Task<T> InTime<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Patience);
        try
        {
            return await ask(limited.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException("No answer in time.", late);
        }
        catch (JsonException bad)
        {
            throw new HttpRequestException("What answers there shows no ledger.", bad);
        }
    }

    /// <summary>A machine that fell asleep says no goodbye: the system asks for it while nothing comes.</summary>
    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var connected = await TcpConnection.Open(socket =>
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            SetSeconds(socket, SocketOptionName.TcpKeepAliveTime, (int)SilenceBeforeProbe.TotalSeconds);
            SetSeconds(socket, SocketOptionName.TcpKeepAliveInterval, (int)BetweenProbes.TotalSeconds);
            SetSeconds(socket, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            return socket.ConnectAsync(context.DnsEndPoint, ct);
        });
        return new NetworkStream(connected, ownsSocket: true);
    }

    private static void SetSeconds(Socket socket, SocketOptionName option, int value) =>
        socket.SetSocketOption(SocketOptionLevel.Tcp, option, value);

    /// <summary>The body of <c>POST /ledger/witnesses</c>.</summary>
    private sealed record Telling(string Name, long Height, string Hash, string Signature, string? Block);
}
