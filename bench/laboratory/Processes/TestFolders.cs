namespace LaboratoryBench.Processes;

/// <summary>Folders for servers under test, where also the unprivileged user of a database may go.</summary>
public static class TestFolders
{
    /// <summary>Makes an empty folder of its own, under a name that nobody can foresee.</summary>
    /// <param name="name">What it is for.</param>
    /// <returns>Its path; the caller deletes it.</returns>
    public static string Create(string name)
    {
        var folder = $"/var/tmp/workshop-tests-{name}-{Guid.NewGuid():N}";
        Directory.CreateDirectory(folder);
        return folder;
    }
}
