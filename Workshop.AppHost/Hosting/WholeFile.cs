using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Hosting;

/// <summary>Small files that are the old one or the new one, whole, also after a power cut.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Writes beside the file, for its owner alone, and renames: a crash leaves the old file or the new one, never half of one.
    /// </summary>
    /// <exception cref="IOException">It could not be written; the old content stands.</exception>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var draft = path + ".new";
        // A draft that is there already would keep the mode that it has.
        File.Delete(draft);
        using (var stream = GuardedFiles.Create(draft))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
