using System.Globalization;
using Workshop.AppHost.Embedded.Processes;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>
/// Folders that do not outlive their host; a host that was killed leaves its own for the next one to remove.
/// </summary>
internal static class EphemeralFolders
{
    private const string Prefix = "workshop-ephemeral-";

    /// <summary>Not under a user's own temporary folder, which the databases' user may not enter.</summary>
    private const string Parent = "/var/tmp";

    /// <summary>This process's folder.</summary>
    internal static string Own() => Path.Combine(Parent, $"{Prefix}{Environment.ProcessId}");

    /// <summary>Removes the folders of hosts that are dead.</summary>
    internal static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Parent, Prefix + "*"))
        {
            var number = Path.GetFileName(folder)[Prefix.Length..];
            if (
                int.TryParse(number, CultureInfo.InvariantCulture, out var processId)
                && ProcessTable.Find(processId) is not { IsAlive: true }
            )
            {
                TryRemove(folder);
            }
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or another host is removing it at this moment.
        }
    }
}
