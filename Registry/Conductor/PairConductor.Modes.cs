namespace Registry.Conductor;

/// <summary>How the conductor takes the storage mode that a person wants.</summary>
internal sealed partial class PairConductor
{
    /// <summary>Longest time that a wish waits for the loop, which may be in the middle of a failover.</summary>
    private static readonly TimeSpan WishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Pause after a switch-over, which the host may have refused.</summary>
    private static readonly TimeSpan SwitchOverPause = TimeSpan.FromSeconds(1);

    private Wish? wish;
    private int isSwitchingOver;

    /// <summary>
    /// Takes a person's wish for a storage mode. Decided on the loop, as everything is, so that nothing is written beside it.
    /// </summary>
    /// <returns>Null once it is persisted and shown; else why it is not.</returns>
    public async Task<string?> Want(StorageMode mode, CancellationToken ct)
    {
        if (Stop is { } stop)
        {
            return stop.Why;
        }

        var mine = new Wish(mode);
        if (Interlocked.CompareExchange(ref wish, mine, null) is not null)
        {
            return "Another change of the mode is being decided; ask again in a moment.";
        }

        Wake();
        try
        {
            return await mine.Answered.WaitAsync(WishTimeout, clock.Time, ct);
        }
        catch (TimeoutException)
        {
            return "The conductor is about something else; GET /conductor tells whether the mode was taken nevertheless.";
        }
        finally
        {
            // Nobody waits for it any more: it must not be decided later.
            Interlocked.CompareExchange(ref wish, null, mine);
        }
    }

    /// <summary>Decides the wish that waits, if one does; it is answered once the view shows it.</summary>
    private Wish? TakeWish()
    {
        if (Interlocked.Exchange(ref wish, null) is not { } asked)
        {
            return null;
        }

        var facts = Gather();
        asked.Refusal = ModeChange.Refusal(asked.Mode, facts, options.Servers.Count > 1);
        if (asked.Refusal is not null)
        {
            return asked;
        }

        try
        {
            BeginChange(asked.Mode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            asked.Refusal = $"The wanted mode cannot be written down: {error.Message}";
        }

        return asked;
    }

    private void BeginChange(StorageMode wanted)
    {
        var wasAlone = IsAlone;
        var next = ModeChange.Begin(wanted, persisted, clock.Now);
        if (next == persisted)
        {
            return;
        }

        Write(next);
        journal.Note($"Storage mode {ModeChange.Word(wanted)} is wanted", $"in force: {ModeChange.Word(Mode)}");
        // Nothing that was injected in one mode holds another one up.
        lag.Milliseconds = 0;
        if (wasAlone)
        {
            watch.Reset();
        }
    }

    private Task ActOnMode(Action action, DatabaseServer primary, DatabaseServer? other, CancellationToken ct)
    {
        switch (action)
        {
            case Action.TakeMode:
                Write(persisted.TakeWanted(other?.Name));
                Wake();
                return Task.CompletedTask;
            case Action.SwitchOver:
                SwitchOver(primary.Name, ct);
                return Task.CompletedTask;
            case Action.StopOther:
                jobs.Begin(other!.Name, Stopping, () => fence!.Stop(other.Name, ct));
                return Task.CompletedTask;
            case Action.CompleteChange:
                Write(persisted with { Wanted = null, WantedSince = null });
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>
    /// Beside the loop, which finds the primary's end as it finds any other; tried again where the host refuses.
    /// </summary>
    private void SwitchOver(string primary, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref isSwitchingOver, 1) == 0)
        {
            background.Once($"the switch-over from {primary}", Work);
        }

        async Task Work()
        {
            try
            {
                var reason = await fence!.SwitchOver(primary, ct);
                journal.Note($"{primary}: switch-over", reason ?? "it is stopped");
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                journal.Note($"{primary}: switch-over", error.Message);
            }
            finally
            {
                await Task.Delay(SwitchOverPause, clock.Time, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Volatile.Write(ref isSwitchingOver, 0);
            }
        }
    }

    /// <summary>Basic mode has no second server, but on the way to it and from it.</summary>
    private bool IsAlone => persisted.Wanted is null && Mode is StorageMode.Basic;

    /// <summary>Lets the second server's probe rest while there is no second server.</summary>
    private bool KeepIdle()
    {
        var isAlone = IsAlone;
        foreach (var (name, probe) in probes)
        {
            probe.IsIdle = isAlone && name is not ConductorOptions.FirstServer;
        }

        return isAlone;
    }

    /// <summary>A mode that a person wants, until it is decided.</summary>
    private sealed class Wish(StorageMode mode)
    {
        private readonly TaskCompletionSource<string?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StorageMode Mode => mode;

        public string? Refusal { get; set; }

        public Task<string?> Answered => answer.Task;

        public void Answer() => answer.TrySetResult(Refusal);
    }
}
