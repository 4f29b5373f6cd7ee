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

/// <summary>The two system calls that .NET has no word for.</summary>
internal static partial class SystemCalls
{
    private const int NoSuchProcess = 3;

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

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeLinkOwner(string path, uint userId, uint groupId);
}
