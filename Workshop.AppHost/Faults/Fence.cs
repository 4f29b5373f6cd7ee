namespace Workshop.AppHost.Faults;

/// <summary>
/// Keeps a database server down until it rejoins. In memory alone: where the host ends, so do the servers and the
/// conductor, which then fences again before it promotes.
/// </summary>
/// <param name="server">Whose it is, for the person who is refused.</param>
internal sealed class Fence(string server)
{
    /// <summary>The orchestrator shows a process well before that, or will not start one.</summary>
    private static readonly TimeSpan ComingLimit = TimeSpan.FromSeconds(8);

    private readonly Lock gate = new();
    private bool isUp;
    private int raised;
    private (string? Before, long At)? passed;

    /// <summary>Whether the server stays down.</summary>
    internal bool IsUp
    {
        get
        {
            lock (gate)
            {
                return isUp;
            }
        }
    }

    /// <summary>How often it was raised. Who wants to take it back says what was so when that was asked for.</summary>
    internal int Raised
    {
        get
        {
            lock (gate)
            {
                return raised;
            }
        }
    }

    /// <summary>No start passes from here on.</summary>
    internal void Raise()
    {
        lock (gate)
        {
            isUp = true;
            raised++;
        }
    }

    /// <summary>Lets the server start.</summary>
    /// <param name="seen"><see cref="Raised"/> when this was asked for.</param>
    /// <returns>False where somebody has raised it since then.</returns>
    internal bool TryTakeBack(int seen)
    {
        lock (gate)
        {
            isUp = isUp && raised != seen;
            return !isUp;
        }
    }

    /// <summary>The last look before the orchestrator makes what runs.</summary>
    /// <param name="before">What it made the last time.</param>
    /// <exception cref="InvalidOperationException">It is up.</exception>
    internal void Pass(string? before)
    {
        lock (gate)
        {
            passed = isUp ? throw new InvalidOperationException(Words) : (before, TimeProvider.System.GetTimestamp());
        }
    }

    /// <summary>
    /// Whether a start has passed of which nothing is seen yet: nobody can end that, so nobody may call the server dead.
    /// </summary>
    /// <param name="now">What the orchestrator shows; null for nothing.</param>
    internal bool IsComing(string? now)
    {
        lock (gate)
        {
            return passed is var (before, at)
                && (now is null || string.Equals(now, before, StringComparison.Ordinal))
                && TimeProvider.System.GetElapsedTime(at) < ComingLimit;
        }
    }

    /// <summary>Why it does not start.</summary>
    internal string Words => $"{server} was fenced, for another server is to take its place: rejoin brings it back.";
}
