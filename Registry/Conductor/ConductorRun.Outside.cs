using Registry.Conductor.StateMachine;

namespace Registry.Conductor;

/// <summary>What the conductor hears beside its looks: persons, the host, and the ends of what goes on.</summary>
internal sealed partial class ConductorRun
{
    /// <summary>How often the host is asked whether it is there.</summary>
    private static readonly TimeSpan FenceCheckInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time that a wish waits for the loop, which may be in the middle of a failover.</summary>
    private static readonly TimeSpan WishTimeout = TimeSpan.FromSeconds(5);

    private DateTimeOffset? lastBackup;
    private Wish? wish;
    private Wish? decided;
    private string? refusal;

    /// <summary>The standby and its primary, where both answer.</summary>
    public (DatabaseServer Standby, DatabaseServer Primary)? Pair =>
        View is { Primary: { } primary, Standby: { } standby }
            ? (probes[standby].Server, probes[primary].Server)
            : null;

    /// <summary>
    /// Takes a person's decision that the other server is to be primary; or, where nothing is decided, the only one.
    /// </summary>
    public void Force(string? server, bool mayLose) => Hear(new Input.Forced(clock.Now, server, mayLose));

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
            return await mine.Answer.Task.WaitAsync(WishTimeout, clock.Time, ct);
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
    private async Task TakeWish(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref wish, null) is { } asked)
        {
            (decided, refusal) = (asked, null);
            if (await Take(new Input.ModeWanted(clock.Now, asked.Mode), ct) is { } failure)
            {
                refusal = $"The wanted mode cannot be written down: {failure}";
            }
        }
    }

    private void Answer()
    {
        decided?.Answer.TrySetResult(refusal);
        decided = null;
    }

    private async Task CheckFence(CancellationToken ct)
    {
        while (fence is not null && !ct.IsCancellationRequested)
        {
            inbox.Enqueue(new Input.HostSeen(clock.Now, await fence.IsThere(ct)));
            lastBackup = await fence.LastBackup(lastBackup, ct);
            await Task.Delay(FenceCheckInterval, clock.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The standby that may be held back: only where nobody waits for it.</summary>
    private (DatabaseServer Standby, ServerProbe Primary)? StandbyToHold() =>
        state
            is {
                Mode: StorageMode.Asynchronous,
                Persisted: { Term: > 0, Wanted: null, Pending: null },
                Primary: var name
            }
        && probes[name] is var primary
        && probes.Values.FirstOrDefault(probe => probe != primary) is { } standby
        && standby.State is { Reach: Reach.Answers, Answer.IsInRecovery: true }
            ? (standby.Server, primary)
            : null;

    private void Hear(Input input)
    {
        inbox.Enqueue(input);
        Wake();
    }

    private void Wake() => woken.TrySetResult();

    private static TaskCompletionSource NotWoken() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A mode that a person wants, until it is decided.</summary>
    private sealed record Wish(StorageMode Mode)
    {
        public TaskCompletionSource<string?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
