using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// What <c>--reset</c> forgets. It is set aside first: a start that is refused, since a port is taken say, puts it back, and
/// what a killed run left may still be writing into it.
/// </summary>
/// <param name="root">The state folder.</param>
/// <param name="databases">The folder of the databases, in it or elsewhere.</param>
internal sealed class ForgottenData(string root, string databases)
{
    private const string Name = "forgotten";

    private readonly string aside = Path.Combine(root, Name);

    private string DatabasesAside => $"{databases}.{Name}";

    private IEnumerable<string> Entries =>
        Directory
            .EnumerateFileSystemEntries(root)
            .Where(entry =>
                !StateLock.IsPartOf(entry) && !new[] { aside, DatabasesAside }.Contains(entry, StringComparer.Ordinal)
            );

    /// <summary>Moves everything aside; of a start that was killed here it is forgotten for good.</summary>
    internal void SetAside()
    {
        Delete();
        if (Directory.Exists(databases))
        {
            Directory.Move(databases, DatabasesAside);
        }

        Directory.CreateDirectory(aside);
        Move(root, aside, [.. Entries]);
    }

    /// <summary>Forgets it for good.</summary>
    internal void Delete()
    {
        DataFolder.Delete(DatabasesAside);
        DataFolder.Delete(aside);
    }

    /// <summary>Puts it back, in the place of what the refused start has made.</summary>
    internal void PutBack()
    {
        try
        {
            DataFolder.Delete(databases);
            foreach (var entry in Entries)
            {
                DataFolder.Delete(entry);
                File.Delete(entry);
            }

            Move(aside, root, Directory.GetFileSystemEntries(aside));
            Directory.Delete(aside);
            if (Directory.Exists(DatabasesAside))
            {
                Directory.Move(DatabasesAside, databases);
            }
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(
                $"What --reset would have forgotten is in {aside} and could not be put back: {e.Message}"
            );
        }
    }

    private static void Move(string from, string to, string[] entries)
    {
        foreach (var entry in entries)
        {
            // A folder is moved by this, too.
            Directory.Move(entry, Path.Combine(to, Path.GetRelativePath(from, entry)));
        }
    }
}
