using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Workshop.ServiceDefaults.Files;

/// <summary>
/// A small file that is either the old one or the new one, whole, whatever happens while it is written.
/// </summary>
public static partial class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Writes the bytes beside the file, flushes them, renames them over it, and flushes the folder. When this returns the
    /// new content outlives a power cut.
    /// </summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="isSecret">Whether its owner alone may read it; other files are as the system makes them.</param>
    /// <exception cref="IOException">It could not be written; the old content stands.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool isSecret = false)
    {
        var draft = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (isSecret)
        {
            // A draft that is there already would keep the mode that it has.
            File.Delete(draft);
            options.Mode = FileMode.CreateNew;
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>
    /// Flushes a folder's entries, so that a new or renamed file outlives a power cut. Windows has no such call, and its
    /// file systems log renames themselves.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        try
        {
            if (descriptor < 0 || Fsync(descriptor) != 0)
            {
                var error = new Win32Exception(Marshal.GetLastPInvokeError());
                throw new IOException($"The folder {folder} cannot be flushed: {error.Message}", error);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
