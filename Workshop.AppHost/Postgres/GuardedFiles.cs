using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// Files in a folder that belongs to the databases' user. The host may be root, and that user may have put a link there: it is
/// never followed. What is read is looked at once it is open; what is written replaces whatever had its name.
/// </summary>
internal static class GuardedFiles
{
    private const string OpenFiles = "/proc/self/fd";

    /// <summary>Makes a file that its owner alone may read.</summary>
    /// <param name="path">Where nothing is yet.</param>
    internal static FileStream Create(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );

    /// <summary>Opens a file that is really in the folder.</summary>
    /// <exception cref="InvalidOperationException">The path leads out of the folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    internal static FileStream Open(string folder, string path)
    {
        // A pipe would be waited for, and a device is no data; what is swapped in between is seen below.
        if (new FileInfo(path) is { LinkTarget: not null } link)
        {
            throw Leads(link.FullName, link.LinkTarget!);
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var descriptor = Path.Combine(OpenFiles, $"{file.SafeFileHandle.DangerousGetHandle()}");
        if (
            new FileInfo(descriptor).LinkTarget is { } real
            && !real.StartsWith(SystemCalls.RealPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        )
        {
            file.Dispose();
            throw Leads(path, real);
        }

        return file;
    }

    /// <summary>The lines of a file that is really in the folder.</summary>
    /// <exception cref="InvalidOperationException">The path leads out of the folder.</exception>
    internal static string[] ReadLines(string folder, string name)
    {
        using var reader = new StreamReader(Open(folder, Path.Combine(folder, name)));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// Writes a file of the folder's own user anew: beside it, under a name that nobody has, and then in its place.
    /// </summary>
    internal static void Write(string folder, string name, IEnumerable<string> lines)
    {
        var draft = Path.Combine(folder, Path.GetRandomFileName());
        using (var writer = new StreamWriter(Create(draft)))
        {
            writer.NewLine = "\n";
            foreach (var line in lines)
            {
                writer.WriteLine(line);
            }
        }

        if (UnprivilegedUser.Needed() is { } user)
        {
            SystemCalls.ChangeOwner(draft, user);
        }

        File.Move(draft, Path.Combine(folder, name), overwrite: true);
    }

    private static InvalidOperationException Leads(string path, string target) =>
        new($"{path} leads to {target}: a database's folder holds no links, and this one is not followed. Remove it.");
}
