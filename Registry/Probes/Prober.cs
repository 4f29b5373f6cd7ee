using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Registry.Leases;
using Workshop.ServiceDefaults.Loops;

namespace Registry.Probes;

/// <summary>
/// Probes every registered address all the time, each in a loop of its own, and lets leases run out. However many instances
/// name one address, it is asked as often as one; and all together are asked at most a thousand times a second.
/// </summary>
internal sealed class Prober(
    ServiceTable table,
    IOptions<RegistryOptions> options,
    Background background,
    ILogger<Prober> logger
) : BackgroundService
{
    /// <summary>How often leases are looked at and new instances get their loop.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// When a probe's timeout fires this much late, it was this process that got no time: that says nothing of the server.
    /// </summary>
    private static readonly TimeSpan OwnDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>What each address adds to the time between two probes of it, so that many are no cannon.</summary>
    private static readonly TimeSpan ShareOfOne = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<string, CancellationTokenSource> loops = new(StringComparer.Ordinal);

    /// <summary>Who is at each address.</summary>
    private volatile ILookup<string, ProbeTarget> targets = Array
        .Empty<ProbeTarget>()
        .ToLookup(target => target.Address, StringComparer.Ordinal);

    /// <summary>Probes until the token ends.</summary>
    public async Task Run(CancellationToken ct)
    {
        using var http = NewClient(options.Value.ProbeTimeout);
        await background.Loop("leases", stop => LetRunOut(http, stop), ct);
        foreach (var address in loops.Keys.ToArray())
        {
            End(address);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Run(stoppingToken);

    private async Task LetRunOut(HttpClient http, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TickInterval);
        while (await timer.WaitForNextTickAsync(ct))
        {
            table.Tick();
            FollowTargets(http, ct);
        }
    }

    /// <summary>
    /// A kept connection per instance; no redirects, cookies or proxies, and no trace span per probe.
    /// </summary>
    private static HttpClient NewClient(TimeSpan timeout) =>
        new(
            new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                ConnectTimeout = timeout,
                MaxConnectionsPerServer = 2,
                UseCookies = false,
                UseProxy = false,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private void FollowTargets(HttpClient http, CancellationToken ct)
    {
        targets = table.ProbeTargets().ToLookup(target => target.Address, StringComparer.Ordinal);
        foreach (var gone in loops.Keys.Where(address => !targets.Contains(address)).ToArray())
        {
            End(gone);
        }

        foreach (var address in targets.Select(group => group.Key).Where(address => !loops.ContainsKey(address)))
        {
            var loop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            loops[address] = loop;
            background.Start($"probes of {address}", stop => Probe(http, address, stop), loop.Token);
        }
    }

    private void End(string address)
    {
        loops.Remove(address, out var loop);
        loop!.Cancel();
        loop.Dispose();
    }

    private async Task Probe(HttpClient http, string address, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            if (await Probe(http, address, started, ct) is { } outcome)
            {
                foreach (var target in targets[address])
                {
                    table.Observe(target, outcome);
                }
            }

            var left = Interval - Stopwatch.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, ct);
            }
        }
    }

    private TimeSpan Interval
    {
        get
        {
            var shares = targets.Count * ShareOfOne;
            return shares > options.Value.ProbeInterval ? shares : options.Value.ProbeInterval;
        }
    }

    /// <summary>One probe. Null when nothing follows from it.</summary>
    private async Task<Fact?> Probe(HttpClient http, string address, long started, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Value.ProbeTimeout);
        try
        {
            using var response = await http.GetAsync(
                new Uri($"http://{address}/alive"),
                HttpCompletionOption.ResponseHeadersRead,
                deadline.Token
            );
            return response.IsSuccessStatusCode
                ? new Fact.Answered(Stopwatch.GetElapsedTime(started))
                : new Fact.Missed($"/alive answered {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var late = Stopwatch.GetElapsedTime(started) - options.Value.ProbeTimeout;
            return late < OwnDelay ? new Fact.Missed(NoAnswer()) : null;
        }
        catch (HttpRequestException error)
        {
            LogMessages.ProbeFailed(logger, address, error.HttpRequestError);
            return IsRefused(error)
                ? new Fact.Refused()
                : new Fact.Missed($"/alive could not be asked: {error.HttpRequestError}");
        }
    }

    private string NoAnswer() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/alive did not answer within {options.Value.ProbeTimeout.TotalMilliseconds} ms"
        );

    private static bool IsRefused(HttpRequestException error) =>
        error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
}
