namespace Workshop.AppHost.Faults;

/// <summary>What runs for a resource, where faults reach it: a process of this machine, or a container.</summary>
internal interface IFaultTarget
{
    /// <summary>Whether something runs, be it frozen: the orchestrator may hear of an end later.</summary>
    Task<bool> IsAlive(CancellationToken ct);

    /// <summary>Kills it at once, and returns when it has been seen dead.</summary>
    /// <returns>False where nothing ran.</returns>
    /// <exception cref="TimeoutException">
    /// It could not be seen dead: nothing may be concluded from the call.
    /// </exception>
    Task<bool> Kill(CancellationToken ct);

    /// <summary>Freezes it: clients hang, as with a server that is out of reach.</summary>
    Task Pause(CancellationToken ct);

    /// <summary>Lets it go on.</summary>
    Task Resume(CancellationToken ct);

    /// <summary>
    /// Asks it to stop, and returns when it has; kills it where <paramref name="limit"/> passes first.
    /// </summary>
    Task Stop(TimeSpan limit, CancellationToken ct);
}
