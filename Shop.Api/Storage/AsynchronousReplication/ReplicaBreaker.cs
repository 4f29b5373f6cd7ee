namespace Shop.Api.Storage.AsynchronousReplication;

/// <summary>
/// Leaves a replica alone for a while after it failed to answer in time, so that no reader pays twice for it.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ReplicaBreaker(TimeProvider time)
{
    /// <summary>How long a replica that did not answer is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private long restsUntil = time.GetTimestamp();

    /// <summary>Whether the replica may be asked.</summary>
    public bool IsClosed => time.GetTimestamp() >= Volatile.Read(ref restsUntil);

    /// <summary>The replica did not answer in time.</summary>
    public void Trip() =>
        Volatile.Write(ref restsUntil, time.GetTimestamp() + (long)(Rest.TotalSeconds * time.TimestampFrequency));
}
