using Shop.Web.Redundancy.Wires;

namespace Shop.Web.Redundancy;

/// <summary>A fault, or its end, that somebody can make with one button.</summary>
/// <param name="Command">The host's command.</param>
/// <param name="Label">On the button.</param>
/// <param name="What">What it is like in the real world.</param>
/// <param name="States">The states of a part in which it makes sense.</param>
public sealed record Fault(string Command, string Label, string What, params string[] States)
{
    /// <summary>For all parts.</summary>
    internal static readonly IReadOnlyList<Fault> OfAll =
    [
        new("kill", "Kill", "Gone at once, as in a crash or a power cut.", "up", "doubtful", "paused", "unknown"),
        new("stop", "Stop", "Says goodbye first, as in an update.", "up", "doubtful", "unknown"),
        new("pause", "Freeze", "Hangs: takes connections and answers nothing.", "up", "doubtful", "unknown"),
        new("resume", "Resume", "What hangs goes on.", "paused"),
        new("start", "Start", "Comes back.", "down", "doubtful", "unknown"),
    ];

    private static readonly Fault SwitchOver = new(
        "switchover",
        "Switch over",
        "Planned: this primary stops cleanly, and its standby takes over.",
        "up"
    );

    private static readonly Fault BackUp = new(
        "backup",
        "Back up",
        "A copy of the primary as it is now, kept in the state folder.",
        "up"
    );

    private static readonly Fault Restore = new(
        "restore",
        "Restore",
        "The newest backup takes the place of the data. What came after it is lost.",
        "up",
        "down",
        "doubtful"
    );

    /// <summary>Whether it makes sense for a part that is in this state.</summary>
    /// <param name="state">As in the picture.</param>
    public bool Fits(string state) => States.Contains(state, StringComparer.Ordinal);

    /// <summary>Whether a command takes something away from the shop.</summary>
    /// <param name="command">The host's command.</param>
    public static bool IsHarm(string command) =>
        command is "kill" or "stop" or "pause" or "switchover" or "restore" or WireFaults.Cut;

    /// <summary>What a command did, in the words of its button.</summary>
    /// <param name="command">The host's command.</param>
    /// <param name="resource">The resource.</param>
    /// <returns>A sentence.</returns>
    public static string Done(string command, string resource) =>
        command switch
        {
            "kill" => $"{resource} was killed.",
            "stop" => $"{resource} was stopped.",
            "start" => $"{resource} is started.",
            "pause" => $"{resource} is frozen.",
            "resume" => $"{resource} goes on.",
            "switchover" => $"{resource} was stopped for a switch-over.",
            "backup" => $"{resource} was backed up.",
            "restore" => $"{resource} has the data of its newest backup.",
            PlannedFault.HoldBack => $"{resource} is held back.",
            PlannedFault.Release => $"{resource} is held back no more.",
            WireFaults.Cut => $"The wire {resource} was cut.",
            WireFaults.Slow => $"The wire {resource} was slowed.",
            WireFaults.Break => $"All connections of the wire {resource} were broken.",
            WireFaults.Mend => $"The wire {resource} is mended.",
            _ => $"{resource}: {command} is done.",
        };

    /// <summary>The state in which a command leaves its part at once; null where that takes a while.</summary>
    /// <param name="command">The host's command.</param>
    public static string? StateAfter(string command) =>
        command switch
        {
            "kill" or "stop" or "switchover" => "down",
            "pause" => "paused",
            _ => null,
        };

    /// <summary>The commands that a part takes in its role, whatever state it is in.</summary>
    /// <param name="part">The part.</param>
    /// <param name="mode">The storage mode; null where nobody knows.</param>
    public static IReadOnlyList<Fault> For(Part part, string? mode) =>
        part switch
        {
            { Kind: not "database" } => OfAll,
            _ when mode is "basic" => [.. OfAll, BackUp, Restore],
            { Role: "primary" } => [.. OfAll, SwitchOver, BackUp],
            _ => OfAll,
        };
}
