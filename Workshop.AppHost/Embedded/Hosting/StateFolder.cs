using System.Security.Cryptography;
using System.Text;
using Workshop.AppHost.Embedded.Postgres;
using Workshop.AppHost.Embedded.Processes;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>The state folder while a host works with it: locked, and removed at the end of an ephemeral run.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly HostOptions options;
    private readonly StateLock stateLock;

    private StateFolder(HostOptions options, StateLock stateLock)
    {
        this.options = options;
        this.stateLock = stateLock;
        DatabaseFolder = ChooseDatabaseFolder(options.StateFolder);
    }

    /// <summary>Holds the database servers' folders.</summary>
    internal string DatabaseFolder { get; }

    /// <summary>Locks the folder, and empties it where that was asked for.</summary>
    /// <exception cref="HostException">Another host works with it.</exception>
    internal static StateFolder Open(HostOptions options)
    {
        Directory.CreateDirectory(options.StateFolder);
        var folder = new StateFolder(options, StateLock.Take(options));
        if (options.Reset)
        {
            folder.Clear();
        }

        Directory.CreateDirectory(folder.DatabaseFolder);
        return folder;
    }

    public void Dispose()
    {
        if (options.Ephemeral)
        {
            Clear();
            Directory.Delete(options.StateFolder, recursive: true);
        }

        stateLock.Dispose();
    }

    /// <summary>
    /// Beside the rest; but where the databases run as another user who may not enter there (a checkout in root's home, say),
    /// in a place of the machine's that is this checkout's own.
    /// </summary>
    private static string ChooseDatabaseFolder(string stateFolder)
    {
        var usual = Path.Combine(stateFolder, "postgres");
        if (UnprivilegedUser.Needed() is null || UnprivilegedUser.CanReach(Path.Combine(usual, "data")))
        {
            return usual;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stateFolder)))[..16];
        var elsewhere = Path.Combine(PostgresPackage.CacheFolder(), "data", name);
        Console.WriteLine($"The databases' user may not enter {stateFolder}; their data is in {elsewhere}.");
        return elsewhere;
    }

    private void Clear()
    {
        string[] kept = ["lock", "lock.owner"];
        DataFolder.Delete(DatabaseFolder);
        foreach (var folder in Directory.EnumerateDirectories(options.StateFolder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(options.StateFolder))
        {
            if (!kept.Contains(Path.GetFileName(file), StringComparer.Ordinal))
            {
                File.Delete(file);
            }
        }
    }
}
