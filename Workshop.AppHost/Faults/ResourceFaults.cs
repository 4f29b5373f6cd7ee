using System.Collections.Concurrent;
using System.Globalization;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>
/// The workshop's commands on its resources, whoever gives them: a button of the dashboard, <c>curl</c>, or the
/// conductor. Each answers when it is done; doing it twice is no error; one that does not fit the state says what
/// would.
/// </summary>
internal sealed class ResourceFaults(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceCommandService aspire,
    Readiness readiness
)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    /// <summary>The state of a resource, in Aspire's words.</summary>
    internal string? StateOf(IResource resource) =>
        notifications.TryGetCurrentState(resource.Name, out var current) ? ResourceStates.Of(current.Snapshot) : null;

    /// <summary>SIGKILL to all that runs for it. Waits for no other command: a fence must not.</summary>
    internal async Task<ExecuteCommandResult> Kill(IResource resource, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        if (!await TargetOf(resource).Kill(ct))
        {
            return CommandResults.Success($"{resource.Name} does not run.");
        }

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

    /// <summary>
    /// Kills a database server for good, because another one is to take its place: it does not start until it rejoins,
    /// or whoever fenced it takes that back.
    /// </summary>
    internal Task<ExecuteCommandResult> Fence(IDatabaseServer server, CancellationToken ct)
    {
        server.IsFenced = true;
        return Kill(server.Resource, ct);
    }

    /// <summary>Starts a server although it was fenced: nobody took its place.</summary>
    internal Task<ExecuteCommandResult> Unfence(IDatabaseServer server, CancellationToken ct) =>
        Exclusive(
            server.Resource,
            () =>
            {
                server.IsFenced = false;
                return StartHere(server.Resource, ct);
            },
            ct
        );

    /// <summary>Makes a server, killed if it runs, a standby of the other; returns when it streams.</summary>
    internal Task<ExecuteCommandResult> Rejoin(IDatabaseServer server, CancellationToken ct) =>
        Exclusive(
            server.Resource,
            async () =>
            {
                if (await WhyNoPrimary(server.Partner, ct) is { } reason)
                {
                    return CommandResults.Failure($"{server.Resource.Name} cannot rejoin {reason}.");
                }

                await Kill(server.Resource, ct);
                await server.BecomeStandby(ct);
                server.IsFenced = false;
                var started = await StartHere(server.Resource, ct);
                return started.Success ? await readiness.UntilStreaming(server, ct) : started;
            },
            ct
        );

    /// <summary>
    /// Stops the primary cleanly, so that its standby has received all; the conductor promotes that, and brings this
    /// one back.
    /// </summary>
    internal Task<ExecuteCommandResult> SwitchOver(IDatabaseServer server, CancellationToken ct) =>
        Exclusive(
            server.Resource,
            async () =>
            {
                if (await WhyNoPrimary(server, ct) is { } reason)
                {
                    return CommandResults.Failure($"A switch-over leads away from the primary, not from {reason}.");
                }

                if (!await Readiness.IsStreaming(server.Partner, ct))
                {
                    return CommandResults.Failure(
                        $"{server.Partner.Resource.Name} does not stream: there is nobody to switch to."
                    );
                }

                await StopHere(server.Resource, ct);
                return CommandResults.Success($"{server.Resource.Name} is stopped; the conductor promotes the other.");
            },
            ct
        );

    /// <summary>Backs up a primary that answers.</summary>
    internal Task<ExecuteCommandResult> BackUp(IDatabaseServer server, CancellationToken ct) =>
        Exclusive(
            server.Resource,
            async () =>
                server.WhyNoBackup is { } never ? CommandResults.Failure(never)
                : await WhyNoPrimary(server, ct) is { } reason
                    ? CommandResults.Failure($"A backup is made of the primary, not of {reason}.")
                : CommandResults.Success($"Backup {(await server.BackUp(ct)).Name} is made."),
            ct
        );

    /// <summary>
    /// Puts the newest backup in the place of a server's data, killed if it runs; returns when it answers.
    /// </summary>
    internal Task<ExecuteCommandResult> Restore(IDatabaseServer server, CancellationToken ct) =>
        Exclusive(
            server.Resource,
            async () =>
            {
                if (server.WhyNoRestore is { } reason)
                {
                    return CommandResults.Failure(reason);
                }

                await Kill(server.Resource, ct);
                await server.Restore(ct);
                // The conductor has seen it dead, and has fenced it by now; it is a person who brings it back.
                server.IsFenced = false;
                return await StartHere(server.Resource, ct);
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

        var started = await aspire.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, ct);
        if (!started.Success)
        {
            return started;
        }

        if (DatabaseServers.Find(resource) is { IsFenced: true })
        {
            // Fenced while it was being started, when there was no process yet to be killed.
            await Kill(resource, ct);
            return CommandResults.Failure(WhyNotStart(resource)!);
        }

        var ready = await readiness.Until(resource, ct);
        // It did fit the state, and failed: whoever counts failures must not take it for busy.
        return ready.Success ? ready : throw new InvalidOperationException(ready.Message);
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
        if (DatabaseServers.Find(resource) is { IsFenced: true })
        {
            return $"{resource.Name} was fenced, for another server is to take its place. The conductor brings it back; by hand "
                + "rejoin does, or unfence, if nobody took its place.";
        }

        var missing = resource
            .Annotations.OfType<WaitAnnotation>()
            .FirstOrDefault(wait =>
                wait.WaitType is not WaitType.WaitForCompletion && !ResourceStates.IsUp(StateOf(wait.Resource))
            );
        return missing is null
            ? null
            : $"{resource.Name} waits for {missing.Resource.Name}, which is "
                + $"{ResourceStates.OnWire(StateOf(missing.Resource))}: start that first.";
    }

    /// <summary>
    /// Why a server cannot be followed or led away from: its name with what it is; null for a primary that answers.
    /// </summary>
    private async Task<string?> WhyNoPrimary(IDatabaseServer server, CancellationToken ct)
    {
        var state = StateOf(server.Resource);
        return !string.Equals(state, KnownResourceStates.Running, StringComparison.Ordinal)
                ? $"{server.Resource.Name}, which is {ResourceStates.OnWire(state)}"
            : await Readiness.IsPrimary(server, ct) ? null
            : $"{server.Resource.Name}, which is a standby or does not answer";
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
