using System.Collections.Concurrent;
using System.Globalization;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>
/// The workshop's commands on its resources, whoever gives them: a button of the dashboard, <c>curl</c>, or the
/// conductor. Each answers when it is done; doing it twice is no error; one that does not fit the state says what
/// would. <c>ResourceFaults.Servers.cs</c> has those of database servers.
/// </summary>
internal sealed partial class ResourceFaults(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceCommandService aspire,
    Readiness readiness
)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);

    /// <summary>Longest time until something begins to run: the copy of a large database comes before.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    /// <summary>The state of a resource, in Aspire's words.</summary>
    internal string? StateOf(IResource resource) =>
        notifications.TryGetCurrentState(resource.Name, out var current) ? ResourceStates.Of(current.Snapshot) : null;

    /// <summary>SIGKILL to all that runs for it. Waits for no other command: a fence must not.</summary>
    internal async Task<ExecuteCommandResult> Kill(IResource resource, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var fence = DatabaseServers.Find(resource)?.Fence;
        var pass = fence?.Passed ?? 0;
        if (!await TargetOf(resource).Kill(ct))
        {
            return CommandResults.Success($"{resource.Name} does not run.");
        }

        fence?.Settle(pass);
        var took = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        await Publish(resource, KnownResourceStates.Exited, ResourceStates.KilledExitCode);
        return CommandResults.Success(
            string.Create(CultureInfo.InvariantCulture, $"{resource.Name} was seen dead after {took:0} ms.")
        );
    }

    internal Task<ExecuteCommandResult> Pause(IResource resource, CancellationToken ct) =>
        Switch(resource, ResourceStates.Paused, "pause", target => target.Pause(ct), ct);

    internal Task<ExecuteCommandResult> Resume(IResource resource, CancellationToken ct) =>
        Switch(resource, KnownResourceStates.Running, "resume", target => target.Resume(ct), ct);

    /// <summary>Starts it, and returns when it is ready for work.</summary>
    internal Task<ExecuteCommandResult> Start(IResource resource, CancellationToken ct) =>
        Exclusive(resource, () => StartHere(resource, ct), ct);

    internal Task<ExecuteCommandResult> Stop(IResource resource, CancellationToken ct) =>
        Exclusive(
            resource,
            async () =>
            {
                await StopHere(resource, ct);
                if (DatabaseServers.Find(resource) is { } server)
                {
                    await server.LeavePair(ct);
                }

                return CommandResults.Success();
            },
            ct
        );

    /// <summary>Looks first whether it could start again, then stops it and starts it.</summary>
    internal Task<ExecuteCommandResult> Restart(IResource resource, CancellationToken ct) =>
        Exclusive(
            resource,
            async () =>
            {
                if (WhyNotStart(resource) is { } reason)
                {
                    return CommandResults.Failure(reason);
                }

                await StopHere(resource, ct);
                return await StartHere(resource, ct);
            },
            ct
        );

    private async Task<ExecuteCommandResult> StartHere(IResource resource, CancellationToken ct)
    {
        // Of a container that was killed just now the orchestrator may still say that it runs.
        if (ResourceStates.IsUp(StateOf(resource)) && await TargetOf(resource).IsAlive(ct))
        {
            return StateOf(resource) is ResourceStates.Paused
                ? CommandResults.Failure($"{resource.Name} is paused; resume lets it go on.")
                : CommandResults.Success($"{resource.Name} runs already.");
        }

        if (WhyNotStart(resource) is { } reason)
        {
            return CommandResults.Failure(reason);
        }

        var server = DatabaseServers.Find(resource);
        var started = await Begin(resource, ct);
        if (server is { Fence.IsUp: true })
        {
            // Fenced while it was being started, when there was no process yet to be killed.
            await KillComing(server, ct);
            return FencedAnew(server);
        }

        if (server is { LacksPartner: true, WhyNotPrepared: { } unfit })
        {
            return CommandResults.Failure(unfit);
        }

        // It did fit the state, and failed: whoever counts failures must not take it for busy.
        if (!started.Success)
        {
            throw new InvalidOperationException(server?.WhyNotPrepared ?? started.Message);
        }

        var ready = await readiness.Until(resource, ct);
        server?.Fence.Settle(server.Fence.Passed);
        return Made(ready);
    }

    /// <summary>What did fit the state, and failed: whoever counts failures must not take it for busy.</summary>
    private static ExecuteCommandResult Made(ExecuteCommandResult result) =>
        result.Success ? result : throw new InvalidOperationException(result.Message);

    /// <summary>Aspire waits for what the resource waits for, which may be lost meanwhile, and has no limit of its own.</summary>
    private async Task<ExecuteCommandResult> Begin(IResource resource, CancellationToken ct)
    {
        try
        {
            return await aspire
                .ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, ct)
                .WaitAsync(StartLimit, ct);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                $"{resource.Name} has not begun for {StartLimit.TotalMinutes:0} minutes: it waits for something.",
                e
            );
        }
    }

    private async Task StopHere(IResource resource, CancellationToken ct)
    {
        await TargetOf(resource).Stop(StopLimit, ct);
        if (ResourceStates.IsUp(StateOf(resource)))
        {
            await Publish(resource, KnownResourceStates.Exited, exitCode: 0);
        }
    }

    private Task<ExecuteCommandResult> Switch(
        IResource resource,
        string state,
        string command,
        Func<IFaultTarget, Task> act,
        CancellationToken ct
    ) =>
        Exclusive(
            resource,
            async () =>
            {
                var now = StateOf(resource);
                if (!ResourceStates.IsUp(now))
                {
                    var word = ResourceStates.OnWire(now);
                    return CommandResults.Failure(
                        $"{resource.Name} is {word}, and only what runs can be told to {command}; start it first."
                    );
                }

                await act(TargetOf(resource));
                await Publish(resource, state, exitCode: null);
                return CommandResults.Success();
            },
            ct
        );

    private string? WhyNotStart(IResource resource)
    {
        if (DatabaseServers.Find(resource) is { Fence: { IsUp: true } fence })
        {
            return fence.Words;
        }

        var missing = resource
            .Annotations.OfType<WaitAnnotation>()
            .FirstOrDefault(wait =>
                wait.WaitType is not WaitType.WaitForCompletion && !ResourceStates.IsRunning(StateOf(wait.Resource))
            );
        if (missing is null)
        {
            return null;
        }

        var state = StateOf(missing.Resource);
        return $"{resource.Name} waits for {missing.Resource.Name}, which is {ResourceStates.OnWire(state)}: "
            + $"{(ResourceStates.IsUp(state) ? "resume" : "start")} that first.";
    }

    /// <summary>Commands on one resource come one after another.</summary>
    private async Task<ExecuteCommandResult> Exclusive(
        IResource resource,
        Func<Task<ExecuteCommandResult>> act,
        CancellationToken ct
    )
    {
        var gate = gates.GetOrAdd(resource.Name, static _ => new(1, 1));
        await gate.WaitAsync(ct);
        try
        {
            return await act();
        }
        finally
        {
            gate.Release();
        }
    }

    private IFaultTarget TargetOf(IResource resource) =>
        DatabaseServers.Find(resource)?.Target ?? new ProcessTarget(resource, notifications);

    private async Task Publish(IResource resource, string state, int? exitCode)
    {
        var style = state is ResourceStates.Paused ? KnownResourceStateStyles.Warn : null;
        await notifications.PublishUpdateAsync(
            resource,
            snapshot => snapshot with { State = new ResourceStateSnapshot(state, style), ExitCode = exitCode }
        );
        foreach (var child in model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == resource))
        {
            await notifications.PublishUpdateAsync(
                child,
                snapshot => snapshot with { State = new ResourceStateSnapshot(state, style) }
            );
        }
    }
}
