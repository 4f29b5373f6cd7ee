namespace Workshop.AppHost.Faults;

/// <summary>
/// Keeps a database server down until it rejoins. In memory alone: where the host ends, so do the servers and the
/// conductor, which then fences again before it promotes.
/// </summary>
/// <param name="server">Whose it is, for the person who is refused.</param>
internal sealed class Fence(string server)
{
    /// <summary>Who was told to start it has seen it by then, or given up.</summary>
    private static readonly TimeSpan ComingLimit = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private bool isUp;
    private int raised;
    private int passes;
    private long? passedAt;

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

    /// <summary>
    /// Whether a start has passed of which nothing is known yet: its process has no number that anybody could end, so nobody may
    /// call the server dead.
    /// </summary>
    internal bool IsComing
    {
        get
        {
            lock (gate)
            {
                return passedAt is { } at && TimeProvider.System.GetElapsedTime(at) < ComingLimit;
            }
        }
    }

    /// <summary>The number of the last start that passed; 0 before the first.</summary>
    internal int Passed
    {
        get
        {
            lock (gate)
            {
                return passes;
            }
        }
    }

    /// <summary>The last look before the orchestrator makes what runs.</summary>
    /// <exception cref="InvalidOperationException">It is up.</exception>
    internal void Pass()
    {
        lock (gate)
        {
            if (isUp)
            {
                throw new InvalidOperationException(Words);
            }

            passes++;
            passedAt = TimeProvider.System.GetTimestamp();
        }
    }

    /// <summary>A start came to something: it was seen alive, or it failed.</summary>
    /// <param name="pass">Its number; a later one is still coming.</param>
    internal void Settle(int pass)
    {
        lock (gate)
        {
            passedAt = pass == passes ? null : passedAt;
        }
    }

    /// <summary>Why it does not start.</summary>
    internal string Words =>
        $"{server} was fenced, for another server is to take its place. The conductor brings it back; by hand rejoin does, or "
        + "unfence, if nobody took its place.";
}
