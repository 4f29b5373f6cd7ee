using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// A circuit breaker before the primary. When a session was lost, requests wait instead of looking for a primary each by
/// itself, one look at a time goes on for all of them, and the conductor's word ends it at once. So in a failover the
/// machine belongs to the fence and the promotion, not to dozens of connections that are opened in vain.
/// <para>
/// Who waited goes on a few at a time, and the next when those may be done, so that the machine is not given to dozens at the
/// very moment at which the new primary begins.
/// It bounds no wait: who waits has a limit of its own.
/// </para>
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="look">Ends well when a primary answers; throws what <see cref="Transience"/> knows when none does.</param>
internal sealed class PrimaryBreaker(TimeProvider time, Background background, Func<CancellationToken, Task> look)
    : IDisposable
{
    /// <summary>Pause between two looks.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>From one few to the next.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(4);

    /// <summary>How many go on together.</summary>
    internal const int Few = 4;

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim door = new(0);
    private readonly Lock gate = new();
    private TaskCompletionSource? opened;
    private int waiting;

    /// <summary>Whether requests pass.</summary>
    public bool IsClosed
    {
        get
        {
            lock (gate)
            {
                return opened is null;
            }
        }
    }

    /// <summary>Ends when requests may pass; at once while they do.</summary>
    /// <param name="ct">Ends the wait.</param>
    public Task Passed(CancellationToken ct)
    {
        lock (gate)
        {
            return opened is null ? Task.CompletedTask : Wait(ct);
        }
    }

    /// <summary>A session was lost: nobody passes until a primary answers, or is told.</summary>
    public void Trip()
    {
        lock (gate)
        {
            if (opened is null)
            {
                // Nobody passes by what was left for those who had gone meanwhile.
                while (door.Wait(TimeSpan.Zero)) { }

                opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
                var mine = opened;
                background.Start("looks for a primary", ct => Look(mine, ct), stop.Token);
            }
        }
    }

    /// <summary>There is a primary.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (opened is { } ended)
            {
                opened = null;
                ended.SetResult();
                background.Start("requests that pass", LetPass, stop.Token);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
        door.Dispose();
    }

    private async Task Wait(CancellationToken ct)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            await door.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Looks until there is a primary, or somebody else knows of one.</summary>
    private async Task Look(TaskCompletionSource mine, CancellationToken ct)
    {
        await Task.Yield();
        while (!mine.Task.IsCompleted && !ct.IsCancellationRequested)
        {
            try
            {
                await look(ct).WaitAsync(ct);
                break;
            }
            catch (Exception error) when (Transience.IsTransient(error))
            {
                await mine.Task.WaitAsync(Pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // It will not pass by itself: each request is to meet it, and tell.
                break;
            }
        }

        lock (gate)
        {
            if (opened == mine && !ct.IsCancellationRequested)
            {
                Close();
            }
        }
    }

    /// <summary>Lets those who waited pass, unless the primary is lost again meanwhile.</summary>
    private async Task LetPass(CancellationToken ct)
    {
        while (IsClosed && !ct.IsCancellationRequested && Volatile.Read(ref waiting) is > 0 and var count)
        {
            door.Release(Math.Min(count, Few));
            await Task.Delay(Step, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
