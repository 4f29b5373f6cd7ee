using System.Diagnostics;
using System.Globalization;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Files;

/// <summary>A disk that a test can fill: a small file system of its own, where the test may mount one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Mounts one of so many KiB; skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> Mount(string name, int kibibytes = 512)
    {
        var disk = new SmallDisk(TestFolders.Create(name));
        var size = string.Create(CultureInfo.InvariantCulture, $"size={kibibytes}k");
        if (!OperatingSystem.IsLinux() || await Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.Folder) != 0)
        {
            Directory.Delete(disk.Folder);
            Assert.Skip("No file system can be mounted here: that takes Linux, and root.");
        }

        return disk;
    }

    /// <summary>Until not one byte fits any more.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[256]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>There is room again.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Nothing can be written any more, room or not.</summary>
    public async Task MakeReadOnly() => Assert.Equal(0, await Run("mount", "-o", "remount,ro", Folder));

    public async ValueTask DisposeAsync()
    {
        // Lazily: what a test left open goes with it.
        await Run("umount", "-l", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<int> Run(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true }
        )!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
