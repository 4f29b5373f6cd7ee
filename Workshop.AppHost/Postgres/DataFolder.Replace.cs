namespace Workshop.AppHost.Postgres;

/// <summary>One folder in the place of another, whole or not at all.</summary>
internal static partial class DataFolder
{
    /// <summary>
    /// Puts <paramref name="draft"/>, which is whole, in the place of <paramref name="folder"/>. At no moment is neither of them
    /// there: a host that is killed in between finishes it at its next start.
    /// </summary>
    internal static void Replace(string folder, string draft)
    {
        Delete(OldOf(folder));
        if (!string.Equals(draft, DraftOf(folder), StringComparison.Ordinal))
        {
            // Half a copy of before must not be taken for the one that is whole.
            Delete(DraftOf(folder));
        }

        if (Directory.Exists(folder))
        {
            Directory.Move(folder, OldOf(folder));
        }

        Directory.Move(draft, folder);
        EndRewind(folder);
        Delete(OldOf(folder));
    }

    /// <summary>Finishes a <see cref="Replace"/> that was cut short: what was whole is there again.</summary>
    internal static void FinishReplace(string folder)
    {
        if (!Directory.Exists(OldOf(folder)))
        {
            return;
        }

        if (!Directory.Exists(folder) && !Directory.Exists(DraftOf(folder)))
        {
            // As it was, also if its rewind was cut short; what was to take its place is where it came from.
            Directory.Move(OldOf(folder), folder);
            return;
        }

        if (!Directory.Exists(folder))
        {
            Directory.Move(DraftOf(folder), folder);
        }

        EndRewind(folder);
        Delete(OldOf(folder));
    }

    private static string OldOf(string folder) => folder + ".old";

    private static string DraftOf(string folder) => folder + ".new";

    /// <summary>
    /// Makes a folder anew. It is filled beside and takes its place when it is whole; where that fails nothing of it stays, for
    /// it may have failed for want of room, which the server beside it needs for its log.
    /// </summary>
    /// <param name="folder">The folder, whatever it holds.</param>
    /// <param name="fill">Fills the folder that it is given, which is not there yet.</param>
    internal static async Task Renew(string folder, Func<string, Task> fill)
    {
        var draft = DraftOf(folder);
        Delete(draft);
        try
        {
            await fill(draft);
        }
        catch
        {
            Delete(draft);
            throw;
        }

        Replace(folder, draft);
    }

    /// <summary>Removes a folder, if it is there.</summary>
    internal static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
