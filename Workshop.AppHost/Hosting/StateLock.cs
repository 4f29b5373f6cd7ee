using System.Globalization;
using System.Text;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// One workshop at a time works with a state folder. The kernel lets go of the lock when its process dies, however it
/// dies.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const string FileName = "lock";

    private const string OwnerSuffix = ".owner";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream file;
    private readonly string ownerFile;

    private StateLock(FileStream file, string ownerFile)
    {
        this.file = file;
        this.ownerFile = ownerFile;
    }

    /// <summary>Whether whoever had the lock before did not give it back.</summary>
    internal bool WasAbandoned { get; private init; }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="HostException">Another workshop has it.</exception>
    internal static StateLock Take(string folder, string address)
    {
        var path = Path.Combine(folder, FileName);
        var owner = path + OwnerSuffix;
        var taken = Lock(path, owner);
        try
        {
            var wasAbandoned = File.Exists(owner);
            var words = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, {address}");
            File.WriteAllText(owner, words, Encoding.UTF8);
            return new(taken, owner) { WasAbandoned = wasAbandoned };
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private static FileStream Lock(string path, string owner)
    {
        try
        {
            var taken = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                }
            );
            // Who can read a file can lock it.
            File.SetUnixFileMode(path, OwnerOnly);
            return taken;
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new HostException(
                $"A workshop already runs from this folder ({ReadOwner(owner)}). Stop it first, or start this one with "
                    + "'--ephemeral --port-offset 1000' to run beside it.",
                e
            );
        }
    }

    /// <summary>Whether a workshop has ever worked with the folder.</summary>
    internal static bool HasBeenIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Whether a file of the folder belongs to the lock.</summary>
    internal static bool IsPartOf(string file) => Path.GetFileName(file) is FileName or FileName + OwnerSuffix;

    public void Dispose()
    {
        File.Delete(ownerFile);
        file.Dispose();
    }

    /// <summary>
    /// Gives it back before anything was started: the next start waits for what another run left, and for nothing else.
    /// </summary>
    internal void GiveUp()
    {
        if (!WasAbandoned)
        {
            File.Delete(ownerFile);
        }

        file.Dispose();
    }

    private static string ReadOwner(string path) => File.Exists(path) ? File.ReadAllText(path) : "just starting";
}
