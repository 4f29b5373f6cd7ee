using System.Net;
using Npgsql;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>
/// Asks what was started whether it is ready, more often than Aspire's health checks do, for whoever waits for a
/// command.
/// </summary>
internal sealed class Readiness(ResourceNotificationService notifications)
{
    /// <summary>Recovery after a crash, or a fresh copy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>For so long the orchestrator may still tell of the process before; an end that lasts is one.</summary>
    private static readonly TimeSpan EndedLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);

    private static readonly HttpClient Http = new() { Timeout = AskLimit };

    /// <summary>
    /// Returns when a resource that was started answers; a failure where it ended instead, or takes too long.
    /// </summary>
    internal Task<ExecuteCommandResult> Until(IResource resource, CancellationToken ct) =>
        Poll(resource, () => IsReady(resource, ct), "does not answer", ct);

    /// <summary>Returns when a standby receives its primary's log.</summary>
    internal Task<ExecuteCommandResult> UntilStreaming(IDatabaseServer server, CancellationToken ct) =>
        Poll(server.Resource, () => IsStreaming(server, ct), "does not stream", ct);

    /// <summary>Whether a server takes writes.</summary>
    internal static Task<bool> IsPrimary(IDatabaseServer server, CancellationToken ct) =>
        Ask(server, async session => !await session.IsInRecovery(ct), ct);

    /// <summary>Whether a server receives its primary's log.</summary>
    internal static Task<bool> IsStreaming(IDatabaseServer server, CancellationToken ct) =>
        Ask(server, session => session.IsStreaming(ct), ct);

    /// <summary>Whether a server answers.</summary>
    internal static Task<bool> Answers(IDatabaseServer server, CancellationToken ct) =>
        Ask(server, _ => Task.FromResult(true), ct);

    private async Task<ExecuteCommandResult> Poll(
        IResource resource,
        Func<Task<bool>> isReady,
        string failure,
        CancellationToken ct
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        var upAt = began;
        while (!await isReady())
        {
            var state = notifications.TryGetCurrentState(resource.Name, out var current)
                ? current.Snapshot.State?.Text
                : null;
            if (!ResourceStates.IsEnded(state))
            {
                upAt = TimeProvider.System.GetTimestamp();
            }
            else if (TimeProvider.System.GetElapsedTime(upAt) > EndedLimit)
            {
                return CommandResults.Failure($"{resource.Name} ended again: its log says why.");
            }

            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                return CommandResults.Failure($"{resource.Name} {failure} after {Limit.TotalSeconds:0} s.");
            }

            await Task.Delay(PollInterval, ct);
        }

        return CommandResults.Success();
    }

    private static async Task<bool> IsReady(IResource resource, CancellationToken ct)
    {
        if (DatabaseServers.Find(resource) is { } server)
        {
            return await Answers(server, ct);
        }

        if (
            resource is not IResourceWithEndpoints service
            || service.GetEndpoint("http") is not { IsAllocated: true } endpoint
        )
        {
            return true;
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri(new Uri(endpoint.Url), "/health"), ct);
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Asked in a session of its own; it is left behind, not cancelled, where a frozen server holds it up.
    /// </summary>
    private static async Task<bool> Ask(
        IDatabaseServer server,
        Func<ServerSession, Task<bool>> question,
        CancellationToken ct
    )
    {
        try
        {
            return await Asked().WaitAsync(AskLimit, ct);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }

        async Task<bool> Asked()
        {
            await using var session = await ServerSession.Open(await server.ConnectionString(ct), ct);
            return await question(session);
        }
    }
}
