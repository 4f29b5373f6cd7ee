using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Faults;

/// <summary>Aspire's states of a resource, and the workshop's own.</summary>
internal static class ResourceStates
{
    /// <summary>Frozen by a command; Aspire has no word for it.</summary>
    internal const string Paused = "Paused";

    /// <summary>The exit code of a process that was ended by SIGKILL, as a shell reports it.</summary>
    internal const int KilledExitCode = 137;

    private static readonly string[] Ended =
    [
        KnownResourceStates.Finished,
        KnownResourceStates.Exited,
        KnownResourceStates.FailedToStart,
    ];

    /// <summary>
    /// The state of a resource. The orchestrator notices a death up to half a second later, and says till then that it
    /// runs.
    /// </summary>
    internal static string? Of(CustomResourceSnapshot snapshot) =>
        IsUp(snapshot.State?.Text)
        && ProcessTarget.ProcessIdOf(snapshot) is { } process
        && ProcessTable.Find(process) is not { IsAlive: true }
            ? KnownResourceStates.Exited
            : snapshot.State?.Text;

    /// <summary>Whether it runs, be it frozen.</summary>
    internal static bool IsUp(string? state) => state is Paused || IsRunning(state);

    /// <summary>Whether it runs and is not frozen.</summary>
    internal static bool IsRunning(string? state) => Same(state, KnownResourceStates.Running);

    /// <summary>Whether it ran, or tried to, and does so no more.</summary>
    internal static bool IsEnded(string? state) => Ended.Contains(state, StringComparer.Ordinal);

    /// <summary>The word of the control endpoint's wire.</summary>
    internal static string OnWire(string? state) =>
        state is null ? "NotStarted"
        : Same(state, KnownResourceStates.Finished) ? "Exited"
        : Same(state, KnownResourceStates.FailedToStart) ? "Failed"
        : state;

    private static bool Same(string? state, string known) => string.Equals(state, known, StringComparison.Ordinal);
}
