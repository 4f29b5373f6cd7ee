using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Registry.Leases;

namespace Registry.Probes;

/// <summary>
/// Probes every registered instance all the time, each in a loop of its own, and lets leases run out.
/// </summary>
internal sealed class Prober(ServiceTable table, IOptions<RegistryOptions> options, ILogger<Prober> logger)
    : BackgroundService
{
    /// <summary>How often leases are looked at and new instances get their loop.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// When a probe's timeout fires this much late, it was this process that got no time: that says nothing of the server.
    /// </summary>
    private static readonly TimeSpan OwnDelay = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<ProbeTarget, CancellationTokenSource> loops = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = NewClient(options.Value.ProbeTimeout);
        using var timer = new PeriodicTimer(TickInterval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            table.Tick();
            FollowTargets(http, stoppingToken);
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
        var targets = table.ProbeTargets();
        foreach (var gone in loops.Keys.Except(targets).ToArray())
        {
            loops.Remove(gone, out var loop);
            loop!.Cancel();
            loop.Dispose();
        }

        foreach (var target in targets.Where(target => !loops.ContainsKey(target)))
        {
            var loop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            loops[target] = loop;
            _ = Loop(http, target, loop.Token);
        }
    }

    private async Task Loop(HttpClient http, ProbeTarget target, CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var started = Stopwatch.GetTimestamp();
                if (await Probe(http, target, started, ct) is { } outcome)
                {
                    table.Observe(target, outcome);
                }

                var left = options.Value.ProbeInterval - Stopwatch.GetElapsedTime(started);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The instance left, or the registry stops.
        }
    }

    /// <summary>One probe. Null when nothing follows from it.</summary>
    private async Task<Fact?> Probe(HttpClient http, ProbeTarget target, long started, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Value.ProbeTimeout);
        try
        {
            using var response = await http.GetAsync(
                new Uri($"http://{target.Address}/alive"),
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
            LogMessages.ProbeFailed(logger, target.Instance, target.Address, error.HttpRequestError);
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
