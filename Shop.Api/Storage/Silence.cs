namespace Shop.Api.Storage;

/// <summary>For how long the database has answered no write.</summary>
/// <param name="time">Measures.</param>
public sealed class Silence(TimeProvider time)
{
    private long heard = time.GetTimestamp();

    /// <summary>Since the last answer to anybody; also when nobody asked.</summary>
    public TimeSpan Length => time.GetElapsedTime(Volatile.Read(ref heard));

    /// <summary>Somebody was answered.</summary>
    public void End() => Volatile.Write(ref heard, time.GetTimestamp());

    /// <summary>Work on the database failed: a refusal is an answer, too.</summary>
    /// <param name="error">Why it failed.</param>
    public void Note(Exception error)
    {
        if (Transience.IsAnswer(error))
        {
            End();
        }
    }
}
