using System.Globalization;

namespace Workshop.Tests.Fixtures;

/// <summary>Folders for servers under test, where also the unprivileged user of a database may go.</summary>
public static class TestFolders
{
    private static int made;

    /// <summary>Makes an empty folder of its own.</summary>
    /// <param name="name">What it is for.</param>
    /// <returns>Its path; the caller deletes it.</returns>
    public static string Create(string name)
    {
        var number = Interlocked.Increment(ref made);
        var folder = string.Create(
            CultureInfo.InvariantCulture,
            $"/var/tmp/workshop-tests-{Environment.ProcessId}-{name}-{number}"
        );
        Directory.CreateDirectory(folder);
        return folder;
    }
}
