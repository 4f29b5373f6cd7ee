namespace Registry.Conductor;

/// <summary>
/// Where the primary's log was at each moment of the last minutes: it turns a standby's position into the age of the oldest
/// log that it lacks, without writing anything and without trusting two clocks.
/// </summary>
internal sealed class LagHistory
{
    /// <summary>Probes of two minutes.</summary>
    private const int MaxSamples = 2_400;

    private readonly Queue<(TimeSpan At, long Position)> samples = new();
    private long last = long.MinValue;

    /// <summary>Notes the primary's position, when it moved on.</summary>
    public void Note(TimeSpan at, long position)
    {
        if (position <= last)
        {
            return;
        }

        last = position;
        samples.Enqueue((at, position));
        if (samples.Count > MaxSamples)
        {
            samples.Dequeue();
        }
    }

    /// <summary>Forgets everything: another server is primary.</summary>
    public void Clear()
    {
        samples.Clear();
        last = long.MinValue;
    }

    /// <summary>How old, at <paramref name="now"/>, the first log beyond <paramref name="position"/> is.</summary>
    public TimeSpan Lag(TimeSpan now, long position)
    {
        var missing = samples.Where(sample => sample.Position > position).Select(sample => sample.At);
        return missing.DefaultIfEmpty(now).First() is var since && now > since ? now - since : TimeSpan.Zero;
    }
}
