namespace Workshop.Figures;

/// <summary>How busy the machine is: the load averages of 1, 5 and 15 minutes, where the system tells them.</summary>
internal static class MachineLoad
{
    private const string Path = "/proc/loadavg";

    /// <summary>For example <c>0.52 0.60 0.58</c>.</summary>
    public static string Now() =>
        File.Exists(Path) ? string.Join(' ', File.ReadAllText(Path).Split(' ').Take(3)) : "not told by this system";
}
