using Microsoft.Win32.SafeHandles;

namespace Workshop.ServiceDefaults.Files;

/// <summary>Files of lines to which a process appends, and in the middle of which it may be killed.</summary>
public static class LineFile
{
    /// <summary>Ends a line that an earlier process left unfinished, so that it spoils no other.</summary>
    /// <param name="file">Open, to be read and written.</param>
    /// <returns>Its length then, in bytes.</returns>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static long EndTornLine(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> last = stackalloc byte[1];
        if (length > 0 && RandomAccess.Read(file, last, length - 1) == 1 && last[0] != (byte)'\n')
        {
            RandomAccess.Write(file, "\n"u8, length++);
        }

        return length;
    }
}
