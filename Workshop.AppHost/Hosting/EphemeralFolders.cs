using System.Globalization;
using System.Security.Cryptography;
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

    /// <summary>
    /// A new folder of this process's. Others may write beside it: nobody can foresee its name, and one that is there is not
    /// taken.
    /// </summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal static string Make()
    {
        var chance = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var folder = Path.Combine(
            Parent,
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{chance}")
        );
        SystemCalls.MakeFolder(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>Removes the folders of our own processes that are dead; what somebody else has made stays.</summary>
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
                && SystemCalls.OwnerOf(folder) == SystemCalls.OwnUser
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
