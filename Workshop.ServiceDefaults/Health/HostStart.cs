using Microsoft.Extensions.Hosting;

namespace Workshop.ServiceDefaults.Health;

/// <summary>Waits for the host's start.</summary>
public static class HostStart
{
    /// <summary>Waits until all hosted services have started, and the server listens.</summary>
    /// <param name="lifetime">The host's.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task WaitUntilStarted(this IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
    }
}
