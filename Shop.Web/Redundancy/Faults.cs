namespace Shop.Web.Redundancy;

/// <summary>A fault that somebody can make with one button.</summary>
/// <param name="Command">The host's command.</param>
/// <param name="Label">On the button.</param>
/// <param name="What">What it is like in the real world.</param>
public sealed record Fault(string Command, string Label, string What)
{
    /// <summary>For a server or the registry.</summary>
    public static readonly IReadOnlyList<Fault> OfProcess =
    [
        new("kill", "Kill", "The process is gone at once, as in a crash."),
        new("stop", "Stop", "The process says goodbye first, as in an update."),
        new("start", "Start", "The process comes back."),
    ];

    /// <summary>For a database server.</summary>
    public static readonly IReadOnlyList<Fault> OfDatabase =
    [
        new("kill", "Kill", "The server is gone at once, as in a power cut."),
        new("pause", "Freeze", "The server hangs: it takes connections and answers nothing."),
        new("resume", "Resume", "The hanging server goes on."),
        new("start", "Start", "The server comes back."),
        new("backup", "Back up", "A copy of the primary as it is now, kept in the state folder."),
        new(
            "restore",
            "Restore",
            "In basic mode: the newest backup takes the place of the data. What came after it is lost."
        ),
    ];

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
            _ => $"{resource}: {command} is done.",
        };

    /// <summary>The commands that may be sent from here.</summary>
    /// <param name="part">The part.</param>
    /// <returns>Its faults.</returns>
    public static IReadOnlyList<Fault> For(Part part) => part.Kind is "database" ? OfDatabase : OfProcess;
}

/// <summary>A fault that is made while buyers buy.</summary>
/// <param name="Id">In forms.</param>
/// <param name="Label">For a person.</param>
/// <param name="Command">The host's command; null for none.</param>
/// <param name="Target"><c>primary</c>, <c>standby</c>, or a resource's name.</param>
public sealed record PlannedFault(string Id, string Label, string? Command, string? Target)
{
    /// <summary>All of them; the first is none.</summary>
    public static readonly IReadOnlyList<PlannedFault> All =
    [
        new("none", "No fault", Command: null, Target: null),
        new("kill-primary", "Kill the primary database", "kill", "primary"),
        new("pause-primary", "Freeze the primary database", "pause", "primary"),
        new("kill-standby", "Kill the standby database", "kill", "standby"),
        new("kill-server", "Kill a shop server", "kill", "shop-api-1"),
        new("kill-registry", "Kill the registry", "kill", "registry"),
    ];

    /// <summary>The resource that it hits just now.</summary>
    /// <param name="situation">Who is what.</param>
    /// <returns>A resource's name, or null when there is none of that role.</returns>
    public string? Resolve(Situation situation) =>
        Target is "primary" or "standby"
            ? situation.Parts.FirstOrDefault(part => string.Equals(part.Role, Target, StringComparison.Ordinal))?.Name
            : Target;
}
