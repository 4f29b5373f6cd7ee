using System.Collections.Immutable;

namespace Registry.Conductor.StateMachine;

/// <summary>
/// Where the primary's log was at each moment of the last minutes: it turns a standby's position into the age of the oldest
/// log that it lacks, without writing anything and without trusting two clocks.
/// </summary>
internal sealed class LagHistory
{
    /// <summary>Nothing is known; another server is primary.</summary>
    public static readonly LagHistory Empty = new([]);

    /// <summary>Probes of two minutes.</summary>
    private const int MaxSamples = 2_400;

    private readonly ImmutableList<(DateTimeOffset At, long Position)> samples;

    private LagHistory(ImmutableList<(DateTimeOffset At, long Position)> samples) => this.samples = samples;

    /// <summary>With the primary's position, where it has moved on.</summary>
    public LagHistory Note(DateTimeOffset at, long position)
    {
        if (!samples.IsEmpty && position <= samples[^1].Position)
        {
            return this;
        }

        var more = samples.Add((at, position));
        return new(more.Count > MaxSamples ? more.RemoveAt(0) : more);
    }

    /// <summary>How old, at <paramref name="now"/>, the first log beyond <paramref name="position"/> is.</summary>
    public TimeSpan Lag(DateTimeOffset now, long position)
    {
        var (low, high) = (0, samples.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = samples[middle].Position > position ? (low, middle) : (middle + 1, high);
        }

        return low < samples.Count && now > samples[low].At ? now - samples[low].At : TimeSpan.Zero;
    }
}
