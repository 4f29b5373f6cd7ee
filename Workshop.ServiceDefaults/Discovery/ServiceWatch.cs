using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// Follows one service at the registry by long polls. While the registry is away, or knows of nobody alive, the last
/// good answer stands: a connection that is refused costs less than having nowhere to go.
/// </summary>
public sealed class ServiceWatch : IAsyncDisposable
{
    /// <summary>How long one long poll waits at the registry, in seconds.</summary>
    private const int PollSeconds = 20;

    /// <summary>
    /// The same where there are several registries: one that hangs must not keep its followers while the others know more.
    /// </summary>
    private const int PollSecondsOfSeveral = 2;

    /// <summary>Pause after a poll that failed, or that was answered at once with nothing new.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    /// <summary>A poll without news that took less did not wait: too many do, or it is no registry that answers.</summary>
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    private readonly string service;
    private readonly HttpClient http;
    private readonly int pollSeconds;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource answered = NewNews();
    private readonly Task loop;
    private volatile State current = new(null, [], NewSignal());

    internal ServiceWatch(
        string service,
        HttpClient http,
        TimeProvider time,
        ILogger logger,
        bool isOneOfSeveral = false
    )
    {
        (this.service, this.http, this.time, this.logger) = (service, http, time, logger);
        pollSeconds = isOneOfSeveral ? PollSecondsOfSeveral : PollSeconds;
        loop = Task.Run(Follow);
    }

    /// <summary>Longest time without an answer before a poll is given up, which is above what it waits.</summary>
    /// <param name="registries">How many there are.</param>
    internal static TimeSpan PollTimeout(int registries) =>
        TimeSpan.FromSeconds(registries > 1 ? PollSecondsOfSeveral + 1 : PollSeconds + 5);

    /// <summary>The last answer; null before the first.</summary>
    public ServiceSnapshot? Snapshot => current.Snapshot;

    /// <summary>
    /// The addresses to send requests to, as <c>host:port</c>, and a token that fires when they change.
    /// </summary>
    public (IReadOnlyList<string> Addresses, IChangeToken Changed) Routes
    {
        get
        {
            var state = current;
            return (state.Addresses, new CancellationChangeToken(state.Superseded.Token));
        }
    }

    /// <summary>
    /// The last answer, and then each one that comes. Who is slow misses those between, never the latest.
    /// </summary>
    /// <param name="ct">Ends it.</param>
    /// <returns>Answers, without end.</returns>
    public async IAsyncEnumerable<ServiceSnapshot> Follow([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            // Taken before the answer is looked at: one that comes in between ends the wait at once.
            var next = Volatile.Read(ref answered);
            if (Snapshot is { } snapshot)
            {
                yield return snapshot;
            }

            await next.Task.WaitAsync(ct);
        }
    }

    /// <summary>Waits until the registry has answered once, at most <paramref name="longest"/>.</summary>
    /// <returns>True when it has.</returns>
    public async Task<bool> WaitForFirstAnswer(TimeSpan longest, CancellationToken ct)
    {
        await firstAnswer.Task.WaitAsync(longest, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        return firstAnswer.Task.IsCompletedSuccessfully;
    }

    /// <summary>Ends the polls.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    private async Task Follow()
    {
        var wasAway = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (before, began) = (Snapshot?.Index, time.GetTimestamp());
                Take(await Poll(stop.Token));
                wasAway = false;
                if (Snapshot?.Index == before && time.GetElapsedTime(began) < ShortestPoll)
                {
                    await Pause();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Whatever it was, also an answer that broke off or makes no sense: who follows must not stay with old news.
                if (!wasAway)
                {
                    LogMessages.RegistryAway(logger, service, error.Message);
                }

                wasAway = true;
                await Pause();
            }
        }
    }

    private async Task Pause() =>
        await Task.Delay(RetryPause, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>One long poll.</summary>
    /// <exception cref="HttpRequestException">The registry is away, or does not know the service.</exception>
    /// <exception cref="JsonException">It is no registry that answers there.</exception>
    private async Task<ServiceSnapshot> Poll(CancellationToken ct)
    {
        // Index 0 is before every change: a service that is not known yet is waited for as well.
        var index = current.Snapshot?.Index ?? 0;
        return await http.GetFromJsonAsync<ServiceSnapshot>(
                new Uri($"/services/{service}?wait={pollSeconds}s&index={index}", UriKind.Relative),
                ct
            ) ?? throw new JsonException("The registry answered null.");
    }

    private void Take(ServiceSnapshot snapshot)
    {
        Publish(snapshot);
        var news = Interlocked.Exchange(ref answered, NewNews());
        news.SetResult();
        firstAnswer.TrySetResult();
    }

    private void Publish(ServiceSnapshot snapshot)
    {
        var previous = current;
        var addresses = snapshot.RoutableAddresses();
        if (addresses.Count == 0 || addresses.SequenceEqual(previous.Addresses, StringComparer.Ordinal))
        {
            current = previous with { Snapshot = snapshot };
        }
        else
        {
            current = new(snapshot, addresses, NewSignal());
            LogMessages.Rerouted(logger, service, string.Join(", ", addresses));
            previous.Superseded.Cancel();
        }
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationTokenSource NewSignal() => new();

    /// <summary>The token source is not disposed: readers may still hold its token, and it has no timer.</summary>
    private sealed record State(
        ServiceSnapshot? Snapshot,
        IReadOnlyList<string> Addresses,
        CancellationTokenSource Superseded
    );
}
