using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>The commands that database servers have beyond those of every resource.</summary>
internal sealed partial class ResourceFaults
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>The conductor waits a little longer, and asks again.</summary>
    private static readonly TimeSpan LongestComing = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Kills a database server for good, because another one is to take its place: it does not start until it rejoins,
    /// or whoever fenced it takes that back.
    /// </summary>
    internal Task<ExecuteCommandResult> Fence(IDatabaseServer server, CancellationToken ct)
    {
        server.Fence.Raise();
        return KillComing(server, ct);
    }

    /// <summary>Starts a server although it was fenced: nobody took its place.</summary>
    internal Task<ExecuteCommandResult> Unfence(IDatabaseServer server, CancellationToken ct)
    {
        var seen = server.Fence.Raised;
        return Exclusive(
            server.Resource,
            () => server.Fence.TryTakeBack(seen) ? StartHere(server.Resource, ct) : Task.FromResult(FencedAnew(server)),
            ct
        );
    }

    /// <summary>Makes a server, killed if it runs, a standby of the other; returns when it streams.</summary>
    internal Task<ExecuteCommandResult> Rejoin(IDatabaseServer server, CancellationToken ct)
    {
        var seen = server.Fence.Raised;
        return Exclusive(
            server.Resource,
            async () =>
            {
                if (await WhyNoPrimary(server.Partner, ct) is { } reason)
                {
                    return CommandResults.Failure($"{server.Resource.Name} cannot rejoin {reason}.");
                }

                await Kill(server.Resource, ct);
                await server.BecomeStandby(ct);
                if (!server.Fence.TryTakeBack(seen))
                {
                    return FencedAnew(server);
                }

                var started = await StartHere(server.Resource, ct);
                return started.Success ? Made(await readiness.UntilStreaming(server, ct)) : started;
            },
            ct
        );
    }

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
                server.Fence.TryTakeBack(server.Fence.Raised);
                return await StartHere(server.Resource, ct);
            },
            ct
        );

    /// <summary>Kills it, and what a start that passed its fence is about to bring up.</summary>
    /// <exception cref="TimeoutException">It was not seen in time: nothing may be concluded from the call.</exception>
    private async Task<ExecuteCommandResult> KillComing(IDatabaseServer server, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // Looked at first: what comes to be seen after this look is killed in the next turn.
            var isComing = server.Fence.IsComing;
            var killed = await Kill(server.Resource, ct);
            if (!isComing)
            {
                return killed;
            }

            if (TimeProvider.System.GetElapsedTime(began) > LongestComing)
            {
                throw new TimeoutException($"{server.Resource.Name} is being started, and was not seen dead.");
            }

            await Task.Delay(BetweenLooks, ct);
        }
    }

    private static ExecuteCommandResult FencedAnew(IDatabaseServer server) =>
        CommandResults.Failure($"{server.Fence.Words} That was asked for meanwhile.");

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
}
