using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults.Loops;

/// <summary>
/// The one way to start work that nobody awaits. Nothing that such work throws is lost: it is logged, a loop begins again
/// after a pause that doubles, and one that fails again and again makes the service unhealthy.
/// </summary>
/// <param name="time">Measures pauses.</param>
/// <param name="logger">Gets what the work threw.</param>
public sealed class Background(TimeProvider time, ILogger<Background> logger) : IHealthCheck
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>A loop that has run so long is well again.</summary>
    private static readonly TimeSpan WellAfter = TimeSpan.FromSeconds(10);

    /// <summary>Failures in a row that make the service unhealthy.</summary>
    private const int FailuresToBeUnhealthy = 3;

    private readonly ConcurrentDictionary<string, Failures> failing = new(StringComparer.Ordinal);

    /// <summary>Runs a loop until it returns or is told to stop.</summary>
    /// <param name="name">For people, for example <c>leases</c>.</param>
    /// <param name="body">The loop; started again when it throws.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Completes when the loop has ended; never fails.</returns>
    public async Task Loop(string name, Func<CancellationToken, Task> body, CancellationToken ct)
    {
        var pause = FirstPause;
        while (!ct.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                await body(ct);
                break;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                var wasWell = time.GetElapsedTime(began) >= WellAfter;
                pause = wasWell ? FirstPause : pause;
                Note(name, wasWell);
                LogMessages.LoopFailed(logger, error, name, pause.TotalMilliseconds);
            }

            await Task.Delay(pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        failing.TryRemove(name, out _);
    }

    /// <summary>Starts a loop and goes on; see <see cref="Loop"/>.</summary>
    /// <param name="name">For people.</param>
    /// <param name="body">The loop.</param>
    /// <param name="ct">Ends it.</param>
    public void Start(string name, Func<CancellationToken, Task> body, CancellationToken ct) =>
        _ = Loop(name, body, ct);

    /// <summary>Starts work that is done once, and goes on.</summary>
    /// <param name="name">For people, for example <c>what follows a failover</c>.</param>
    /// <param name="work">The work; it has bounds and ends of its own.</param>
    public void Once(string name, Func<Task> work) => _ = RunOnce(name, work);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var ill = failing
            .Where(loop =>
                loop.Value.InARow >= FailuresToBeUnhealthy
                && time.GetElapsedTime(loop.Value.LastAt) < LongestPause + WellAfter
            )
            .Select(loop => loop.Key)
            .Order(StringComparer.Ordinal)
            .ToArray();
        return Task.FromResult(
            ill.Length == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"These loops fail again and again: {string.Join(", ", ill)}.")
        );
    }

    private async Task RunOnce(string name, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The service stops, or nobody wants it any more.
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogMessages.WorkFailed(logger, error, name);
        }
    }

    private void Note(string name, bool wasWell)
    {
        var now = time.GetTimestamp();
        failing.AddOrUpdate(name, _ => new(1, now), (_, before) => new(wasWell ? 1 : before.InARow + 1, now));
    }

    /// <summary>Failures of one loop.</summary>
    /// <param name="InARow">Since it last ran well.</param>
    /// <param name="LastAt">Timestamp of the last one.</param>
    private sealed record Failures(int InARow, long LastAt);
}
