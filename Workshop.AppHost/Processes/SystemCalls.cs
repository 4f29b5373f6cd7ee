using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Workshop.AppHost.Processes;

/// <summary>The signals that the host sends; numbers as on Linux.</summary>
public enum Signal
{
    /// <summary>No signal: only asks whether the process is there.</summary>
    None = 0,

    /// <summary>Ask a database to end its sessions and stop.</summary>
    Interrupt = 2,

    /// <summary>End at once; cannot be refused.</summary>
    Kill = 9,

    /// <summary>Ask a service to stop.</summary>
    Terminate = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Freeze; cannot be refused.</summary>
    Stop = 19,
}

/// <summary>The system calls that .NET has no word for.</summary>
internal static partial class SystemCalls
{
    private const int NoSuchProcess = 3;

    private const int AtCurrentFolder = -100;

    private const int DoNotFollow = 0x100;

    private const uint OwnerMask = 0x8;

    /// <summary>Length of the kernel's answer, and where in it the owner stands: the same on every processor.</summary>
    private const int StatusBytes = 256;

    private const int OwnerOffset = 20;

    /// <summary>Sends <paramref name="signal"/> to one process. A process that is already gone is no error.</summary>
    /// <exception cref="Win32Exception">The process belongs to someone else.</exception>
    internal static void Send(int processId, Signal signal)
    {
        if (Kill(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new Win32Exception(error, $"cannot send {signal} to process {processId}");
        }
    }

    /// <summary>Gives a file or folder (never what a link points to) to a user.</summary>
    /// <exception cref="Win32Exception">The caller may not.</exception>
    internal static void ChangeOwner(string path, UnprivilegedUser user)
    {
        if (ChangeLinkOwner(path, user.UserId, user.GroupId) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"cannot give {path} to {user.Name}");
        }
    }

    /// <summary>Makes a folder that nobody has made before.</summary>
    /// <exception cref="IOException">It is there, or cannot be made.</exception>
    internal static void MakeFolder(string path, UnixFileMode mode)
    {
        if (MakeDirectory(path, (uint)mode) != 0)
        {
            throw new IOException(
                $"{path} cannot be made: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}."
            );
        }
    }

    /// <summary>The number of the user to whom a file or folder belongs; null where it is not there.</summary>
    internal static unsafe uint? OwnerOf(string path)
    {
        var status = stackalloc byte[StatusBytes];
        return Status(AtCurrentFolder, path, DoNotFollow, OwnerMask, status) == 0
            ? *(uint*)(status + OwnerOffset)
            : null;
    }

    /// <summary>The number of the user that this process runs as.</summary>
    internal static uint OwnUser => EffectiveUser();

    /// <summary>A path without links; null where it leads nowhere.</summary>
    internal static string? RealPath(string path) => Resolve(path, 0);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeLinkOwner(string path, uint userId, uint groupId);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial string? Resolve(string path, nint buffer);
}
