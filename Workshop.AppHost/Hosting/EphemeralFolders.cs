using System.Globalization;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// Folders that do not outlive their workshop; one that was killed leaves its own for the next one to remove.
/// </summary>
internal static class EphemeralFolders
{
    private const string Prefix = "workshop-ephemeral-";

    /// <summary>Not under a user's own temporary folder, which the databases' user may not enter.</summary>
    private const string Parent = "/var/tmp";

    /// <summary>A test runs several workshops in one process.</summary>
    private static int made;

    /// <summary>A folder of this process's.</summary>
    internal static string Own()
    {
        var number = Interlocked.Increment(ref made);
        return Path.Combine(
            Parent,
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{number}")
        );
    }

    /// <summary>Removes the folders of processes that are dead.</summary>
    internal static void RemoveAbandoned()
    {
        if (!Directory.Exists(Parent))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(Parent, Prefix + "*"))
        {
            var number = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
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
            // Another user's, or another workshop is removing it at this moment.
        }
    }
}
