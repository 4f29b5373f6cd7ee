namespace Shop.Api.Storage;

/// <summary>
/// How long one request still waits for the database. A database that is silent is given up soon; one that answers that a row is
/// held by others is not silent, and the row is waited for longer.
/// </summary>
/// <param name="waits">Bounds those who wait longer.</param>
/// <param name="time">Measures.</param>
internal sealed class RequestTime(RowWaits waits, TimeProvider time) : IDisposable
{
    /// <summary>Longest time that rows are waited for.</summary>
    private static readonly TimeSpan RowLimit = TimeSpan.FromSeconds(10);

    private readonly long started = time.GetTimestamp();
    private long heard = time.GetTimestamp();
    private bool isWaiting;

    /// <summary>What is left; zero when nothing is.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = ShopStorage.RequestLimit - time.GetElapsedTime(heard);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Takes in how a try ended.</summary>
    /// <param name="error">Why it failed.</param>
    public void Note(Exception error)
    {
        if (!Transience.IsRowHeld(error) || time.GetElapsedTime(started) >= RowLimit - ShopStorage.RequestLimit)
        {
            return;
        }

        isWaiting = isWaiting || waits.TryBegin();
        if (isWaiting)
        {
            heard = time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isWaiting)
        {
            waits.End();
        }
    }
}

/// <summary>
/// The writes that wait longer for rows which others hold. Each has a connection most of the time, so there may be a bounded
/// number of them: what sells well must not keep all else from being sold.
/// </summary>
public sealed class RowWaits
{
    private const int Max = ShopDataSources.MaxWrites / 4;

    private int count;

    /// <summary>Whether one more may wait.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref count) <= Max)
        {
            return true;
        }

        End();
        return false;
    }

    /// <summary>One has its rows, or waits no longer.</summary>
    public void End() => Interlocked.Decrement(ref count);
}
