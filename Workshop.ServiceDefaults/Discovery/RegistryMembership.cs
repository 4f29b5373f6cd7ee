using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults.Identity;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>Which service this process is an instance of.</summary>
/// <param name="Service">The name that clients ask for, for example <c>shop-api</c>.</param>
internal sealed record Membership(string Service);

/// <summary>
/// Keeps this instance in the registry: a heartbeat a second once the server listens and is healthy, so that nobody waits
/// for one that is still getting ready while another could answer; one that does not get healthy comes in after
/// <see cref="ReadyLimit"/> all the same, for it can say what is wrong. When the application is to stop the
/// instance leaves first, waits until the news has reached the clients, and only then stops listening.
/// </summary>
internal sealed class RegistryMembership(
    Membership membership,
    IConfiguration configuration,
    IHostEnvironment environment,
    HealthCheckService health,
    TimeProvider time,
    ILogger<RegistryMembership> logger
) : IHostedLifecycleService, IDisposable
{
    private const int LeaseSeconds = 5;
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that an instance which listens is kept out because it is not healthy.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ReadyPollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause before another try while the registry is away: it is to know us soon after it is back.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest time for one call of the registry.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1);

    /// <summary>From leaving to closing the door: clients hear of it by long poll within milliseconds.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource stop = new();
    private HttpClient? http;
    private Uri? lease;
    private Registration? registration;
    private Task beats = Task.CompletedTask;

    /// <summary>
    /// Before the server listens: one that was killed has left a lease behind, and by it the registry would send requests as
    /// soon as probes are answered, long before this process is ready for them.
    /// </summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var registry = RegistryAddress.Read(configuration);
        var address = configuration["Workshop:Address"];
        if (registry.Count == 0 || string.IsNullOrEmpty(address))
        {
            LogMessages.NotRegistered(logger, membership.Service);
            return;
        }

        var instance = ServedBy.InstanceName(configuration, environment);
        http = RegistryAddress.NewClient(configuration, registry, CallTimeout);
        lease = new Uri($"/services/{membership.Service}/{instance}", UriKind.Relative);
        registration = new(new Uri(address).Authority, LeaseSeconds);
        // Whatever the answer: there may be no such lease, and a registry that is away knows of none when it is back.
        await Call(() => http.DeleteAsync(lease, cancellationToken));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>All servers listen by now, so requests may come.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (http is not null && registration is not null)
        {
            beats = Beat(http, registration, stop.Token);
        }

        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        // A heartbeat that overtook the goodbye would bring the instance back.
        await beats;
        if (http is not null && await Leave(http, cancellationToken))
        {
            await Task.Delay(Grace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        http?.Dispose();
        stop.Dispose();
    }

    /// <summary>A beat that has begun is finished: only the pauses between beats are cut short.</summary>
    private async Task Beat(HttpClient registry, Registration entry, CancellationToken ct)
    {
        await WaitUntilHealthy(ct);
        var wasAway = false;
        while (!ct.IsCancellationRequested)
        {
            var error = await Call(() => registry.PutAsJsonAsync(lease, entry, CancellationToken.None));
            if (error is not null && !wasAway)
            {
                LogMessages.HeartbeatFailed(logger, membership.Service, error);
            }

            wasAway = error is not null;
            await Task.Delay(wasAway ? RetryInterval : BeatInterval, time, ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Only at the start: one that loses its database later is still asked, and says so itself.</summary>
    private async Task WaitUntilHealthy(CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (!ct.IsCancellationRequested && time.GetElapsedTime(started) < ReadyLimit)
        {
            var report = await health.CheckHealthAsync(CancellationToken.None);
            if (report.Status is not HealthStatus.Unhealthy)
            {
                return;
            }

            await Task.Delay(ReadyPollInterval, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> Leave(HttpClient registry, CancellationToken ct)
    {
        var error = await Call(() => registry.DeleteAsync(lease, ct));
        if (error is not null)
        {
            LogMessages.LeaveFailed(logger, membership.Service, error);
        }

        return error is null;
    }

    /// <summary>One call of the registry.</summary>
    /// <returns>What went wrong, or null.</returns>
    private static async Task<string?> Call(Func<Task<HttpResponseMessage>> call)
    {
        try
        {
            using var response = await call();
            return response.IsSuccessStatusCode ? null : $"the registry answered {(int)response.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return error.Message;
        }
    }

    /// <summary>The body of a registration.</summary>
    private sealed record Registration(string Address, int TtlSeconds);
}
