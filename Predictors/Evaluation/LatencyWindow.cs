using System.Diagnostics;

namespace Predictors.Evaluation;

/// <summary>How long answers took, over the recent past.</summary>
/// <param name="P50Milliseconds">Half of the answers took at most this long.</param>
/// <param name="P99Milliseconds">99 of 100 answers took at most this long.</param>
/// <param name="Samples">Answers measured.</param>
/// <param name="Source">
/// <c>requests</c>: from routing to the sent answer; <c>self</c>: too few came, so own rows were answered.
/// </param>
public sealed record Latency(double P50Milliseconds, double P99Milliseconds, int Samples, string Source);

/// <summary>
/// The durations of the last answers, without locks: a torn read costs one sample its place, no more.
/// </summary>
public sealed class LatencyWindow
{
    /// <summary>Answers remembered.</summary>
    public const int Size = 1024;

    private readonly long[] _ticks = new long[Size];

    private long _count;

    /// <summary>Notes an answer.</summary>
    /// <param name="started">From <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Add(long started)
    {
        var place = Interlocked.Increment(ref _count) - 1;
        Volatile.Write(ref _ticks[place % Size], Stopwatch.GetTimestamp() - started);
    }

    /// <summary>Answers that are remembered now.</summary>
    public int Count => (int)Math.Min(Size, Interlocked.Read(ref _count));

    /// <summary>Percentiles by nearest rank.</summary>
    /// <param name="source">Says where the answers came from.</param>
    /// <exception cref="InvalidOperationException">Nothing was noted yet.</exception>
    public Latency Summarise(string source)
    {
        var ticks = _ticks[..Count];
        if (ticks.Length == 0)
        {
            throw new InvalidOperationException("There is nothing to summarise.");
        }

        Array.Sort(ticks);
        return new(Milliseconds(ticks, 0.50), Milliseconds(ticks, 0.99), ticks.Length, source);
    }

    private static double Milliseconds(long[] sorted, double share)
    {
        var rank = (int)Math.Ceiling(share * sorted.Length) - 1;
        return sorted[rank] * 1000.0 / Stopwatch.Frequency;
    }
}
