namespace Shop.Web.Redundancy.Modes;

/// <summary>Goes to a storage mode and waits until it holds; puts right what is broken.</summary>
/// <param name="services">Makes the clients of each command.</param>
/// <param name="watch">Tells how things stand.</param>
/// <param name="time">Pauses between looks.</param>
public sealed class ModeSwitcher(IServiceScopeFactory services, SituationWatch watch, TimeProvider time)
{
    /// <summary>Longest way to a mode: a standby may have to be copied. Also the longest repair.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How often the conductor is asked before it counts as silent.</summary>
    private const int MostLooks = 40;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>A part that was told to start is given this long before it is told again.</summary>
    private static readonly TimeSpan BetweenCommands = TimeSpan.FromSeconds(5);

    /// <summary>The mode in force; null where the conductor does not answer for a while.</summary>
    /// <param name="stop">Ends the wait.</param>
    public async Task<string?> Mode(CancellationToken stop)
    {
        for (var look = 0; look < MostLooks && !stop.IsCancellationRequested; look++)
        {
            if ((await watch.Current()).Conductor?.Mode is { } mode)
            {
                return mode;
            }

            await Task.Delay(BetweenLooks, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>Goes to a mode, and waits until it is in force and all is well.</summary>
    /// <param name="mode">The id of a <see cref="StorageModeChoice"/>.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Null, or why it could not be had.</returns>
    public async Task<string?> Reach(string mode, CancellationToken stop)
    {
        if (mode is "basic" && await Mode(stop) is "asynchronous")
        {
            // The second server may lead: then the first one takes over again only where both have everything.
            if (await Change("synchronous", stop) is { } detour)
            {
                return detour;
            }
        }

        return await Change(mode, stop);
    }

    /// <summary>Starts and resumes what is down or frozen, and waits until all is well, or until patience ends.</summary>
    /// <param name="stop">Ends the wait.</param>
    public async Task PutRight(CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        while (time.GetElapsedTime(began) < Patience)
        {
            var now = await watch.Current();
            if (FaultWindow.IsWell(now))
            {
                return;
            }

            foreach (var part in FaultWindow.Needed(now))
            {
                var command =
                    part.State is "paused" ? "resume"
                    : part.State is "down" ? "start"
                    : null;
                if (
                    command is not null
                    && (!told.TryGetValue(part.Name, out var last) || time.GetElapsedTime(last) > BetweenCommands)
                )
                {
                    told[part.Name] = time.GetTimestamp();
                    await using var scope = services.CreateAsyncScope();
                    // What is refused because it is under way already comes by itself.
                    await scope.ServiceProvider.GetRequiredService<HostClient>().Command(part.Name, command, stop);
                }
            }

            await Task.Delay(BetweenLooks, time, stop);
        }
    }

    private async Task<string?> Change(string mode, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var isAsked = false;
        string? refused = null;
        while (time.GetElapsedTime(began) < Patience)
        {
            var now = await watch.Current();
            if (now.Conductor is { Change: null } conductor && Same(conductor.Mode, mode) && FaultWindow.IsWell(now))
            {
                return null;
            }

            // What is refused while something is on its way may be had a moment later.
            if (!isAsked && !Same(now.Conductor?.Mode, mode))
            {
                await using var scope = services.CreateAsyncScope();
                var registry = scope.ServiceProvider.GetRequiredService<RegistryClient>();
                refused = (await registry.ChangeMode(mode, stop)).Problem?.Sentence;
                isAsked = refused is null;
            }

            await Task.Delay(BetweenLooks, time, stop);
        }

        return refused is null
            ? FormattableString.Invariant($"{mode} storage was not in force after {Patience.TotalMinutes:0} minutes.")
            : $"{mode} storage was refused: {refused}";
    }

    private static bool Same(string? mode, string other) => string.Equals(mode, other, StringComparison.Ordinal);
}
