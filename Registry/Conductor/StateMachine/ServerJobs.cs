using System.Runtime.InteropServices;

namespace Registry.Conductor.StateMachine;

/// <summary>What the host does with a server, which takes its time.</summary>
internal enum JobKind
{
    /// <summary>It starts it.</summary>
    Start,

    /// <summary>It makes it a fresh copy of the primary.</summary>
    FreshCopy,

    /// <summary>It stops it.</summary>
    Stop,
}

/// <summary>How a job ended.</summary>
internal enum JobOutcome
{
    /// <summary>The host has seen it done.</summary>
    Done,

    /// <summary>It is not done, or nobody knows.</summary>
    Failed,

    /// <summary>The host itself starts or copies the server just now; this counts as no failure.</summary>
    Busy,
}

/// <summary>
/// Jobs of one server, which take their time while the conductor goes on watching: one at a time, and after each a pause that
/// grows with every one in a row that did not help.
/// </summary>
/// <param name="Running">The job that goes on; null when none does.</param>
/// <param name="Term">The term in which it began.</param>
/// <param name="Count">Jobs in a row after which the server did not answer.</param>
/// <param name="FreeAt">The end of the last one, with its pause.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ServerJobs(JobKind? Running, long Term, int Count, DateTimeOffset FreeAt)
{
    private static readonly TimeSpan PausePerStart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>What did not help may help later: a machine was busy, or somebody has made room.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromSeconds(30);

    /// <summary>Whether the server is being started or copied, or has just been.</summary>
    public bool IsBusy(DateTimeOffset now) => Running is not null || now < FreeAt;

    /// <summary>Jobs in a row that did not help; none once the last ended half a minute ago.</summary>
    public int StartsFailed(DateTimeOffset now) => IsBusy(now) || now - FreeAt < ForgetAfter ? Count : 0;

    /// <summary>The server answers.</summary>
    public ServerJobs Answered() => Count == 0 ? this : this with { Count = 0 };

    /// <summary>A job begins.</summary>
    public ServerJobs Begin(JobKind kind, long term, DateTimeOffset now) =>
        this with
        {
            Running = kind,
            Term = term,
            Count = StartsFailed(now) + 1,
        };

    /// <summary>The job has ended.</summary>
    public ServerJobs End(JobOutcome outcome, DateTimeOffset now)
    {
        var pause = outcome is JobOutcome.Done && Count <= 1 ? TimeSpan.Zero : PausePerStart * Math.Max(Count, 1);
        return this with
        {
            Running = null,
            Count = outcome is JobOutcome.Busy ? Math.Max(Count - 1, 0) : Count,
            FreeAt = now + (pause < MaxPause ? pause : MaxPause),
        };
    }
}
